import { createLazyRoute } from '@tanstack/react-router';
import { Page } from '../../ui/page.tsx';

export const sessionsRoute = createLazyRoute('/signed-in/sessions')({ component: SessionsPage });

function SessionsPage() {
  return <Page title="Sessions">{null}</Page>;
}
