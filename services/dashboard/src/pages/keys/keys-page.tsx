import { createLazyRoute } from '@tanstack/react-router';
import { Page } from '../../ui/page.tsx';

export const keysRoute = createLazyRoute('/signed-in/keys')({ component: KeysPage });

function KeysPage() {
  return <Page title="Keys">{null}</Page>;
}
