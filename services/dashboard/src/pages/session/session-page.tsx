import { createLazyRoute } from '@tanstack/react-router';
import { Page } from '../../ui/page.tsx';

export const sessionRoute = createLazyRoute('/signed-in/sessions/$sessionId')({ component: SessionPage });

function SessionPage() {
  return <Page title="Session">{null}</Page>;
}
