import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useTheme } from '../../../theme/theme.ts';
import type { StepColumns } from '../steps/ask-steps.ts';
import { plainPath } from '../steps/path-segments.ts';
import { statusWord } from '../steps/step-status.tsx';
import { AXIS_PX, barAt, boxOf, drawTimeline, laneHeight, type Picture } from './draw-timeline.ts';
import type { Lanes } from './lanes.ts';
import { StepTip } from './step-tip.tsx';
import type { TimeScale } from './time-scale.ts';
import styles from './timeline.module.css';

/** A drag over less than this is a click, px. */
const DRAG_PX_MIN = 5;

interface TimelineCanvasProps {
  readonly columns: StepColumns;
  readonly scale: TimeScale;
  readonly lanes: Lanes;
  /** What is shown, epoch ms. */
  readonly shown: readonly [fromMs: number, toMs: number];
  readonly onShow: (shown: readonly [fromMs: number, toMs: number]) => void;
  readonly selected: number;
  readonly found: ReadonlySet<number>;
  readonly onSelect: (step: number) => void;
  readonly onStep: (by: 1 | -1) => void;
  readonly onZoom: (factor: number) => void;
  /** What a screen reader is told. */
  readonly onSay: (text: string) => void;
}

/** Bars on a canvas: ten thousand of them are drawn within a few milliseconds, and only when something changes. */
export function TimelineCanvas(props: TimelineCanvasProps) {
  const { columns, scale, lanes, shown, onShow, selected, found, onSelect, onStep, onZoom, onSay } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [top, setTop] = useState(0);
  const [hover, setHover] = useState<{ step: number; x: number; y: number } | undefined>();
  const [drag, setDrag] = useState<{ from: number; to: number } | undefined>();
  const theme = useTheme();

  useEffect(() => {
    const element = scroller.current!;
    const resizing = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    resizing.observe(element);
    return () => resizing.disconnect();
  }, []);

  const lanePx = laneHeight(lanes.count, size.height);
  const picture = useMemo((): Picture => {
    const from = scale.drawn(shown[0]);
    const width = Math.max(scale.drawn(shown[1]) - from, Number.EPSILON);
    return {
      columns,
      scale,
      lanes: lanes.lanes,
      from,
      pxPerMs: size.width / width,
      width: size.width,
      height: size.height,
      top,
      lanePx,
    };
  }, [columns, scale, lanes, shown, size, top, lanePx]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme has the colours that are drawn with
  useEffect(() => {
    if (size.width > 0) drawTimeline(canvas.current!, picture);
  }, [picture, size, theme]);

  // A bar that is selected is in sight, in time and among the lanes.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the selection changes, so that one may look elsewhere
  useEffect(() => {
    if (selected === -1) return;
    onSay(sentence(columns, selected));
    const y = AXIS_PX + lanes.lanes[selected]! * lanePx;
    const element = scroller.current!;
    if (y < element.scrollTop + AXIS_PX || y + lanePx > element.scrollTop + element.clientHeight) {
      element.scrollTop = y - element.clientHeight / 2;
    }
    const at = scale.drawn(columns.started_at[selected]!);
    const [from, to] = [scale.drawn(shown[0]), scale.drawn(shown[1])];
    if (at >= from && at <= to) return;
    const start = Math.max(0, Math.min(scale.length - (to - from), at - (to - from) / 2));
    onShow([scale.instant(start), scale.instant(start + to - from)]);
  }, [selected]);

  const place = (event: PointerEvent<HTMLDivElement>) => {
    const box = canvas.current!.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const { x, y } = place(event);
    if (drag) return setDrag({ ...drag, to: x });
    const step = barAt(picture, x, y);
    if (step !== -1 || hover) setHover(step === -1 ? undefined : { step, x, y });
  };
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0 || event.pointerType === 'touch') return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const { x } = place(event);
    setDrag({ from: x, to: x });
    setHover(undefined);
  };
  const onPointerUp = (event: PointerEvent<HTMLDivElement>) => {
    const { x, y } = place(event);
    const from = drag?.from ?? x;
    setDrag(undefined);
    if (Math.abs(x - from) >= DRAG_PX_MIN) {
      const instant = (px: number) => scale.instant(picture.from + px / picture.pxPerMs);
      return onShow([instant(Math.max(0, Math.min(from, x))), instant(Math.min(size.width, Math.max(from, x)))]);
    }
    const step = barAt(picture, x, y);
    if (step !== -1) onSelect(step);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const keys = new Map<string, () => void>([
      ['ArrowRight', () => onStep(1)],
      ['ArrowLeft', () => onStep(-1)],
      ['ArrowDown', () => selectLane(1)],
      ['ArrowUp', () => selectLane(-1)],
      ['+', () => onZoom(0.5)],
      ['-', () => onZoom(2)],
    ]);
    const run = keys.get(event.key);
    if (!run || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    run();
  };
  /** The request of the next lane that began nearest to the selected one. */
  const selectLane = (by: 1 | -1) => {
    if (selected === -1) return onStep(1);
    const lane = lanes.lanes[selected]! + by;
    for (let away = 1; away < columns.path.length; away++) {
      for (const step of [selected - away, selected + away]) if (lanes.lanes[step] === lane) return onSelect(step);
    }
  };

  const height = AXIS_PX + lanes.count * lanePx + 8;
  return (
    <div ref={scroller} className={styles.scroller} onScroll={(event) => setTop(event.currentTarget.scrollTop)}>
      <div
        className={styles.field}
        style={{ height: Math.max(height, size.height) }}
        role="application"
        aria-roledescription="timeline"
        aria-label={`Timeline of ${columns.path.length} requests: arrow keys go from one to the next, plus and minus zoom. The same as a table: press Table`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: keys move the selection in it
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPointerMove={onPointerMove}
        onPointerDown={onPointerDown}
        onPointerUp={onPointerUp}
        onPointerLeave={() => setHover(undefined)}
      >
        <canvas ref={canvas} className={styles.canvas} style={{ width: size.width, height: size.height }} aria-hidden />
        {/* Apart from the bars, which are not drawn again for them. */}
        {size.width > 0 &&
          [...found].map((step) => <div key={step} className={styles.found} style={boxOf(picture, step)} />)}
        {hover && <div className={styles.hovered} style={boxOf(picture, hover.step)} />}
        {selected !== -1 && <div className={styles.selected} style={boxOf(picture, selected)} />}
        {drag && (
          <div
            className={styles.brush}
            style={{ left: Math.min(drag.from, drag.to), width: Math.abs(drag.to - drag.from) }}
          />
        )}
        {hover && !drag && (
          <StepTip columns={columns} step={hover.step} x={hover.x} y={hover.y + top} width={size.width} />
        )}
      </div>
    </div>
  );
}

function sentence(columns: StepColumns, step: number): string {
  const failed = columns.is_error[step] ? `, failed: ${statusWord(columns.status[step]!)}` : '';
  return `Request ${step + 1} of ${columns.path.length}, ${plainPath(columns.path[step]!)}${failed}`;
}
