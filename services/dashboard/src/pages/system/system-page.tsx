import { createLazyRoute } from '@tanstack/react-router';
import { Page } from '../../ui/page.tsx';

export const systemRoute = createLazyRoute('/signed-in/system')({ component: SystemPage });

function SystemPage() {
  return <Page title="System">{null}</Page>;
}
