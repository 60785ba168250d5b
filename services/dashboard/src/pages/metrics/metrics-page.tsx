import { createLazyRoute } from '@tanstack/react-router';
import { Page } from '../../ui/page.tsx';

export const metricsRoute = createLazyRoute('/signed-in/metrics')({ component: MetricsPage });

function MetricsPage() {
  return <Page title="Metrics">{null}</Page>;
}
