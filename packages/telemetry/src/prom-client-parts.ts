import { createRequire } from 'node:module';
import type * as prom from 'prom-client';

/**
 * What we use of prom-client. Its index loads metrics of the process as well, and for one of those OpenTelemetry's API
 * and a digest library: ten times the files, 100 ms on a slow machine, for every thread.
 */
const part = createRequire(import.meta.url);

export const Counter = part('prom-client/lib/counter') as typeof prom.Counter;
export type Counter<L extends string = string> = prom.Counter<L>;
export const Gauge = part('prom-client/lib/gauge') as typeof prom.Gauge;
export type Gauge<L extends string = string> = prom.Gauge<L>;
export const Histogram = part('prom-client/lib/histogram') as typeof prom.Histogram;
export type Histogram<L extends string = string> = prom.Histogram<L>;
export const Registry = part('prom-client/lib/registry') as typeof prom.Registry;
export type Registry = prom.Registry;
