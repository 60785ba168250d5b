import { createLazyRoute } from '@tanstack/react-router';
import { Page } from '../../ui/page.tsx';

export const compareRoute = createLazyRoute('/signed-in/compare')({ component: ComparePage });

function ComparePage() {
  return <Page title="Compare">{null}</Page>;
}
