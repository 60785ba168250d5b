import { createDistributions, type Distribution } from './distribution.ts';
import { Counter, Gauge, Histogram, Registry } from './prom-client-parts.ts';

export type { Counter, Distribution, Gauge, Histogram, Registry };

/** Metrics of one process in Prometheus's format; every service registers its own under the prefix `throughline_`. */
export interface Metrics {
  readonly registry: Registry;
  counter<L extends string>(name: string, help: string, labels?: readonly L[]): Counter<L>;
  /** @param collect called at each scrape, to set the value then instead of at every change. */
  gauge<L extends string>(
    name: string,
    help: string,
    labels?: readonly L[],
    collect?: (gauge: Gauge<L>) => void,
  ): Gauge<L>;
  histogram<L extends string>(
    name: string,
    help: string,
    buckets: readonly number[],
    labels?: readonly L[],
  ): Histogram<L>;
  /** A histogram without labels for hot paths. @param buckets upper bounds, ascending. */
  distribution(name: string, help: string, buckets: readonly number[]): Distribution;
  /** One per value of a label, by value. */
  distributions<L extends string>(
    name: string,
    help: string,
    buckets: readonly number[],
    label: { readonly name: string; readonly values: readonly L[] },
  ): Readonly<Record<L, Distribution>>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const full = (name: string) => `throughline_${name}`;
  return {
    registry,
    counter: (name, help, labels = []) => new Counter({ name: full(name), help, labelNames: [...labels], registers }),
    gauge: (name, help, labels = [], collect) =>
      new Gauge({
        name: full(name),
        help,
        labelNames: [...labels],
        registers,
        collect: collect
          ? function (this) {
              collect(this);
            }
          : undefined,
      }),
    histogram: (name, help, buckets, labels = []) =>
      new Histogram({ name: full(name), help, buckets: [...buckets], labelNames: [...labels], registers }),
    distribution: (name, help, buckets) => createDistributions(registry, { name: full(name), help, buckets })[''],
    distributions: (name, help, buckets, label) =>
      createDistributions(registry, { name: full(name), help, buckets, label }),
  };
}
