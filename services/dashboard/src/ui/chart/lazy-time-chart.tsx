import { type ComponentProps, lazy, Suspense } from 'react';
import type { TimeChart as Drawn } from './time-chart.tsx';

const Loaded = lazy(() => import('./time-chart.tsx').then(({ TimeChart: component }) => ({ default: component })));

/** A `TimeChart` whose drawing is loaded when one is first shown; until then its place is kept. */
export function TimeChart(props: ComponentProps<typeof Drawn>) {
  const { height = 120 } = props;
  return (
    <Suspense fallback={<div style={{ height: height + CAPTION_PX }} />}>
      <Loaded {...props} />
    </Suspense>
  );
}

/** Of a chart's title and its switch. */
const CAPTION_PX = 28;
