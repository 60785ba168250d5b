import { median, medianRatio } from '../measure/statistics.ts';
import { medianWithSpread, number, ratio } from '../report/format.ts';
import type { Figure } from '../scenario.ts';

/** One measurement at one size. */
export interface GrowthSample {
  /** CPU time per event, µs. */
  readonly cpuUs: number;
  readonly eventsPerSecond: number;
  readonly peakRssMib: number;
  /** CPU time of taking the partition over, ms. Left out where it is part of the rest. */
  readonly takeOverMs?: number;
  /** Median time of an answer, ms. Left out where nothing was asked. */
  readonly listMs?: number;
  readonly sessionMs?: number;
}

/** The same events at growing sizes of one thing. */
export interface GrowthSeries {
  /** What grows, in the plural. */
  readonly name: string;
  /** Ascending; samples of one round stand at the same place in each. */
  readonly sizes: readonly { readonly size: number; readonly samples: readonly GrowthSample[] }[];
  /** What one has to know of this series alone. */
  readonly notes: readonly string[];
}

export const GROWTH_COLUMNS = [
  'series',
  'size',
  'CPU µs/event',
  'of the smallest',
  'events/s',
  'peak RSS MiB',
  'taking over, CPU ms',
  'list p50 ms',
  'session p50 ms',
] as const;

/** A row for each size of each series. */
export function growthRows(all: readonly GrowthSeries[]): string[][] {
  return all.flatMap(({ name, sizes }) =>
    sizes.map(({ size, samples }) => [
      name,
      whole(size),
      medianWithSpread(samples.map(({ cpuUs }) => cpuUs)),
      ratio(growth(sizes[0]!.samples, samples)),
      medianWithSpread(samples.map(({ eventsPerSecond }) => eventsPerSecond)),
      number(Math.max(...samples.map(({ peakRssMib }) => peakRssMib))),
      number(median(samples.flatMap(({ takeOverMs }) => takeOverMs ?? []))),
      number(median(samples.flatMap(({ listMs }) => listMs ?? []))),
      number(median(samples.flatMap(({ sessionMs }) => sessionMs ?? []))),
    ]),
  );
}

/** Of each series how much more an event costs at the largest size. */
export function growthFigures(all: readonly GrowthSeries[]): Figure[] {
  return all.map(({ name, sizes }) => {
    const first = sizes[0]!;
    const last = sizes.at(-1)!;
    return {
      name: `CPU per event at the largest of that at the smallest, ${name}: ${whole(last.size)} against ${whole(first.size)}`,
      value: growth(first.samples, last.samples),
      unit: 'x',
    };
  });
}

function growth(from: readonly GrowthSample[], to: readonly GrowthSample[]): number {
  const cpu = (samples: readonly GrowthSample[]) => samples.map(({ cpuUs }) => cpuUs);
  return medianRatio(cpu(to), cpu(from));
}

function whole(size: number): string {
  return size.toLocaleString('en-US');
}
