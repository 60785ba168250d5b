import { createLazyRoute } from '@tanstack/react-router';
import { Page } from '../../ui/page.tsx';

export const usersRoute = createLazyRoute('/signed-in/users')({ component: UsersPage });

function UsersPage() {
  return <Page title="Users">{null}</Page>;
}
