import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useId, useState } from 'react';
import type uPlot from 'uplot';
import { minuteOf } from '../../format/instant.ts';
import { type ChartCursor, cursorAfter, endOf, indexOf, selectedOf } from './chart-cursor.ts';
import styles from './plot.module.css';

interface ChartKeys {
  readonly title: string;
  readonly drawn: RefObject<uPlot | null>;
  /** When each interval begins, epoch ms, ascending. */
  readonly times: readonly number[];
  /** Whether marks stand between the beginning and the end of their interval, not at its beginning. */
  readonly isBars: boolean;
  /** What is there, in words. */
  readonly tell: (index: number) => string;
  readonly onRange: ((fromMs: number, toMs: number) => void) | undefined;
  readonly onPick: ((index: number) => void) | undefined;
}

/**
 * The keyboard's way over a chart: arrows, Home and End go from interval to interval, with Shift they select, Enter does what
 * dragging over the selection does, or a click where there is none, Escape clears it.
 *
 * @returns what has the focus meanwhile; nothing where the chart has no intervals.
 */
export function useChartKeys({ title, drawn, times, isBars, tell, onRange, onPick }: ChartKeys): ReactNode {
  const [cursor, setCursor] = useState<ChartCursor | null>(null);
  const [said, say] = useState('');
  const helpId = useId();

  useEffect(() => {
    const plot = drawn.current;
    if (plot && cursor && times.length > 0) drawCursor(plot, cursor, times, isBars);
  }, [drawn, cursor, times, isBars]);

  if (times.length === 0) return null;
  const last = times.length - 1;
  const at = cursor ? indexOf(cursor.atMs, times) : last;
  const selected = cursor ? selectedOf(cursor, times) : undefined;

  const leave = () => {
    setCursor(null);
    say('');
    if (drawn.current) undraw(drawn.current);
  };
  const unselect = () => {
    setCursor({ atMs: times[at]!, anchorMs: null });
    if (drawn.current) drawSelection(drawn.current, 0, 0);
  };
  /** @returns whether the key is one of the chart's. */
  const press = (key: string, isShift: boolean): boolean => {
    if (key === 'Enter') {
      if (selected) {
        const [fromMs, toMs] = boundsOf(selected, times);
        say(`Range: ${minuteOf(fromMs)} to ${minuteOf(toMs)}`);
        unselect();
        onRange?.(fromMs, toMs);
      } else onPick?.(at);
      return selected !== undefined || onPick !== undefined;
    }
    if (key === 'Escape' && selected) {
      say('Selection cleared');
      unselect();
      return true;
    }
    const next = cursorAfter(cursor, key, isShift && onRange !== undefined, times);
    if (!next) return false;
    say('');
    setCursor(next);
    if (next.anchorMs === null && drawn.current) drawSelection(drawn.current, 0, 0);
    return true;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !press(event.key, event.shiftKey)) return;
    event.preventDefault();
    // Enter and Escape mean other things to the page.
    event.stopPropagation();
  };

  return (
    <>
      <div
        role="slider"
        tabIndex={0}
        className={styles.keys}
        aria-label={`${title}: interval`}
        aria-describedby={helpId}
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={at}
        aria-valuetext={selected ? `${selectionWords(selected, times)}. ${tell(at)}` : tell(at)}
        onFocus={() => setCursor({ atMs: times[last]!, anchorMs: null })}
        onBlur={leave}
        onKeyDown={onKeyDown}
      />
      <span id={helpId} className="spoken">
        Left and Right go from interval to interval.
        {onRange && ' With Shift they select, Enter makes the selection the range, Escape clears it.'}
      </span>
      <span className="spoken" role="status">
        {said}
      </span>
    </>
  );
}

function boundsOf([first, last]: readonly [number, number], times: readonly number[]): readonly [number, number] {
  return [times[first]!, endOf(last, times)];
}

function selectionWords(selected: readonly [number, number], times: readonly number[]): string {
  const [fromMs, toMs] = boundsOf(selected, times);
  const many = selected[1] - selected[0] + 1;
  return `Selected: ${minuteOf(fromMs)} to ${minuteOf(toMs)}, ${many} ${many === 1 ? 'interval' : 'intervals'}`;
}

function drawCursor(plot: uPlot, cursor: ChartCursor, times: readonly number[], isBars: boolean): void {
  const xOf = (ms: number) => plot.valToPos(ms / 1_000, 'x');
  const at = indexOf(cursor.atMs, times);
  const begin = xOf(times[at]!);
  plot.setCursor({ left: isBars ? (begin + xOf(endOf(at, times))) / 2 : begin, top: 0 });
  const selected = selectedOf(cursor, times);
  if (!selected) return;
  const [fromMs, toMs] = boundsOf(selected, times);
  const left = Math.max(0, xOf(fromMs));
  drawSelection(plot, left, Math.min(plot.over.clientWidth, xOf(toMs)) - left);
}

/** px. */
function drawSelection(plot: uPlot, left: number, width: number): void {
  plot.setSelect({ left, width, top: 0, height: width > 0 ? plot.over.clientHeight : 0 }, false);
}

function undraw(plot: uPlot): void {
  plot.setCursor({ left: -10, top: -10 });
  drawSelection(plot, 0, 0);
}
