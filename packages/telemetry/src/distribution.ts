import type { Metric, Registry } from 'prom-client';

/** Counts values in buckets; as a Prometheus histogram it is made at each scrape. */
export interface Distribution {
  /** What is not a number is left out. */
  observe(value: number): void;
}

export interface DistributionOptions<L extends string> {
  /** With its prefix. */
  readonly name: string;
  readonly help: string;
  /** Upper bounds, ascending, in the unit that the name ends with. */
  readonly buckets: readonly number[];
  /** One label and every value that it can have. Left out: none. */
  readonly label?: { readonly name: string; readonly values: readonly L[] };
}

/**
 * A histogram for what happens thousands of times a second: a value costs 10 to 20 ns, against some 400 of the
 * library's own, which looks its labels up each time.
 */
export function createDistributions<L extends string = ''>(
  registry: Registry,
  { name, help, buckets, label }: DistributionOptions<L>,
): Readonly<Record<L, Distribution>> {
  const values = label?.values ?? (['' as L] as const);
  const counted = values.map((value) => ({ value, cells: new BucketCells(buckets) }));
  const metric = {
    name,
    get: async () => ({
      name,
      help,
      type: 'histogram' as const,
      aggregator: 'sum' as const,
      values: counted.flatMap(({ value, cells }) => cells.samples(name, label ? { [label.name]: value } : {})),
    }),
  };
  // The registry asks a metric for its name and `get`; its type asks for a class of the library.
  registry.registerMetric(metric as unknown as Metric);
  return Object.fromEntries(counted.map(({ value, cells }) => [value, cells])) as unknown as Record<L, Distribution>;
}

class BucketCells implements Distribution {
  readonly #bounds: Float64Array;
  /** One more than there are bounds: what lies above the last. */
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(buckets: readonly number[]) {
    this.#bounds = Float64Array.from(buckets);
    this.#counts = new Float64Array(buckets.length + 1);
  }

  observe(value: number): void {
    if (Number.isNaN(value)) return;
    const bounds = this.#bounds;
    let at = 0;
    while (at < bounds.length && value > bounds[at]!) at++;
    this.#counts[at]!++;
    this.#sum += value;
  }

  samples(name: string, labels: Readonly<Record<string, string>>): object[] {
    const samples: object[] = [];
    let count = 0;
    for (let at = 0; at <= this.#bounds.length; at++) {
      count += this.#counts[at]!;
      const le = this.#bounds[at] ?? '+Inf';
      samples.push({ metricName: `${name}_bucket`, labels: { ...labels, le }, value: count });
    }
    samples.push({ metricName: `${name}_sum`, labels, value: this.#sum });
    samples.push({ metricName: `${name}_count`, labels, value: count });
    return samples;
  }
}
