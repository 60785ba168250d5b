import { useCallback, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import { axisTime, minuteOf } from '../../format/instant.ts';
import { indexOf } from './chart-cursor.ts';
import { Plot } from './plot.tsx';
import { useChartKeys } from './use-chart-keys.tsx';
import { valueTicks } from './value-ticks.ts';

export interface Series {
  readonly name: string;
  /** A role of the theme, `--accent`. */
  readonly role: string;
  /** One per time; null: not known, a gap. */
  readonly values: readonly (number | null)[];
}

interface TimeChartProps {
  /** The question it answers, with its unit. */
  readonly title: string;
  /** When each interval begins, epoch ms, ascending. */
  readonly times: readonly number[];
  /** Four at most. */
  readonly series: readonly Series[];
  readonly kind: 'bars' | 'lines';
  readonly format: (value: number) => string;
  readonly height?: number;
  /** Dragging over it chooses a range, epoch ms. */
  readonly onRange?: (fromMs: number, toMs: number) => void;
  /** A click on an interval. */
  readonly onPick?: (index: number) => void;
}

/** Amounts over time, from zero on. */
export function TimeChart({ title, times, series, kind, format, height, onRange, onPick }: TimeChartProps) {
  const data = useMemo(
    () => [times.map((ms) => ms / 1_000), ...series.map(({ values }) => [...values])] as uPlot.AlignedData,
    [times, series],
  );
  // Handlers change with each render, and the chart is not drawn anew for them.
  const handlers = useRef({ onRange, onPick, format });
  handlers.current = { onRange, onPick, format };
  const isWhole = series.every(({ values }) => values.every((value) => Number.isInteger(value ?? 0)));
  const shape = JSON.stringify([kind, series.map(({ name, role }) => [name, role]), onRange !== undefined, isWhole]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` holds what the options are made of
  const options = useCallback(
    (colour: (role: string) => string): Omit<uPlot.Options, 'width' | 'height'> => {
      const axis = { stroke: colour('--quiet'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
      return {
        legend: { show: false },
        padding: [PAD_PX, null, null, null],
        cursor: { y: false, points: { size: 6 }, drag: { x: onRange !== undefined, y: false, setScale: false } },
        scales: {
          x: { time: true, ...(kind === 'bars' && { range: throughLast }) },
          y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.08 : 1] },
        },
        axes: [
          {
            ...axis,
            size: 28,
            font: FONT,
            space: 64,
            grid: { show: false },
            values: (_plot, ticks, _axis, _space, seconds) =>
              ticks.map((tick) => axisTime(tick * 1_000, seconds * 1_000)),
          },
          {
            ...axis,
            size: 56,
            font: FONT,
            space: LINE_APART_PX,
            splits: (_plot, _axis, from, to, step, stepPx) =>
              valueTicks(to, ((to - from) / step) * (stepPx / LINE_APART_PX) + 1, isWhole),
            values: (_plot, ticks) => ticks.map((tick) => (tick === 0 ? '0' : handlers.current.format(tick))),
          },
        ],
        series: [
          {},
          ...series.map(({ name, role }) => ({
            label: name,
            stroke: colour(role),
            width: kind === 'lines' ? 1.5 : 0,
            fill: kind === 'bars' ? colour(role) : undefined,
            points: { show: false },
            ...(kind === 'bars' && { paths: uPlot.paths.bars!({ size: [0.85, 40], align: 1 }) }),
          })),
        ],
        hooks: {
          setSelect: [
            (plot) => {
              const { left, width } = plot.select;
              if (width < 4) return;
              handlers.current.onRange?.(plot.posToVal(left, 'x') * 1_000, plot.posToVal(left + width, 'x') * 1_000);
              plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            },
          ],
          ready: [
            (plot) => {
              plot.over.addEventListener('click', () => {
                const index = intervalAt(plot, kind);
                if (index !== undefined && plot.select.width === 0) handlers.current.onPick?.(index);
              });
            },
          ],
        },
        plugins: [tooltip(kind, (index) => tipLines(index, handlers.current.format))],
      };
    },
    [shape],
  );
  const latest = useRef({ times, series });
  latest.current = { times, series };
  const tipLines = (index: number, print: (value: number) => string): string[] => {
    const { times: shown, series: lines } = latest.current;
    const values = lines.map(({ name, values: of }) => `${name} ${of[index] == null ? 'unknown' : print(of[index])}`);
    return [minuteOf(shown[index]!), ...values];
  };
  const drawn = useRef<uPlot | null>(null);
  const keys = useChartKeys({
    title,
    drawn,
    times,
    isBars: kind === 'bars',
    tell: (index) => tipLines(index, format).join(', '),
    onRange,
    onPick,
  });
  return (
    <Plot
      drawn={drawn}
      over={keys}
      title={title}
      summary={summaryOf(title, times, series, format)}
      height={height}
      data={data}
      options={options}
      table={
        <table>
          <thead>
            <tr>
              <th scope="col">From</th>
              {series.map(({ name }) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {times.map((ms, index) => (
              <tr key={ms}>
                <td>{minuteOf(ms)}</td>
                {series.map(({ name, values }) => (
                  <td key={name}>{values[index] == null ? 'unknown' : format(values[index])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      }
    />
  );
}

/** The last interval is as long as the others. */
function throughLast({ data: [times] }: uPlot, from: number, to: number): [number, number] {
  const step = times.length > 1 ? times[1]! - times[0]! : 60;
  return [from, to + step];
}

/** Room for half a label above the topmost line, px. */
const PAD_PX = 8;

/** Of two lines across the chart, at least. */
const LINE_APART_PX = 28;

const FONT = '11px "Inter Variable", system-ui, sans-serif';

function summaryOf(
  title: string,
  times: readonly number[],
  series: readonly Series[],
  format: (value: number) => string,
): string {
  if (times.length === 0) return `${title}: nothing`;
  const said = series.map(({ name, values }) => {
    const known = values.filter((value) => value !== null);
    if (known.length === 0) return `${name} unknown`;
    return `${name} between ${format(Math.min(...known))} and ${format(Math.max(...known))}`;
  });
  return `${title}, ${minuteOf(times[0]!)} to ${minuteOf(times.at(-1)!)}: ${said.join('; ')}`;
}

/** The interval under the cursor: a bar is as wide as its interval, a point of a line is the nearest. */
function intervalAt(plot: uPlot, kind: TimeChartProps['kind']): number | undefined {
  const { idx, left } = plot.cursor;
  if (idx === null || idx === undefined || left === undefined || left < 0) return undefined;
  return kind === 'bars' ? indexOf(plot.posToVal(left, 'x'), plot.data[0] as number[]) : idx;
}

/** Beside the cursor, what is there. */
function tooltip(kind: TimeChartProps['kind'], linesAt: (index: number) => string[]): uPlot.Plugin {
  const box = document.createElement('div');
  box.className = 'plot-tip';
  box.hidden = true;
  return {
    hooks: {
      init: (plot) => void plot.over.append(box),
      setCursor: (plot) => {
        const { left } = plot.cursor;
        const index = intervalAt(plot, kind);
        box.hidden = index === undefined;
        if (index === undefined) return;
        box.replaceChildren(
          ...linesAt(index).map((line) => {
            const element = document.createElement('div');
            element.textContent = line;
            return element;
          }),
        );
        const isRight = left! > plot.over.clientWidth / 2;
        box.style.left = isRight ? '' : `${left! + 12}px`;
        box.style.right = isRight ? `${plot.over.clientWidth - left! + 12}px` : '';
      },
    },
  };
}
