import { createLazyRoute } from '@tanstack/react-router';
import { Page } from '../../ui/page.tsx';

export const userRoute = createLazyRoute('/signed-in/users/$userId')({ component: UserPage });

function UserPage() {
  return <Page title="User">{null}</Page>;
}
