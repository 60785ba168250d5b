import { createLazyRoute } from '@tanstack/react-router';
import { Page } from '../../ui/page.tsx';

export const patternsRoute = createLazyRoute('/signed-in/patterns')({ component: PatternsPage });

function PatternsPage() {
  return <Page title="Patterns">{null}</Page>;
}
