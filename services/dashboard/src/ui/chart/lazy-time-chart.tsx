import { type ComponentProps, Suspense } from 'react';
import { lazyPart } from '../lazy-part.ts';
import { Skeleton } from '../states.tsx';
import type { TimeChart as Drawn } from './time-chart.tsx';

const Loaded = lazyPart(() => import('./time-chart.tsx').then((part) => part.TimeChart));

/** A `TimeChart` whose drawing is loaded when one is first shown; until then its place is kept. */
export function TimeChart(props: ComponentProps<typeof Drawn>) {
  const { height = 120 } = props;
  return (
    <Suspense
      fallback={
        <div style={{ height: height + CAPTION_PX, overflow: 'hidden' }}>
          <Skeleton lines={Math.floor(height / LINE_PX)} />
        </div>
      }
    >
      <Loaded {...props} />
    </Suspense>
  );
}

/** Of a chart's title and its switch. */
const CAPTION_PX = 28;
/** Of a line of a skeleton, with the room below it. */
const LINE_PX = 24;
