import type { NewRequestEvent } from '@throughline/contracts/request-event';
import type { MaskingRules } from '@throughline/masking/masking-rules';
import type { Logger } from '@throughline/telemetry/logger';
import type { Metrics } from '@throughline/telemetry/metrics';
import { Masking } from './masking.ts';

/** What masks the events of a gateway. */
export interface EventMasking {
  /** Never rejects. The event given is not changed. */
  mask(event: NewRequestEvent): Promise<NewRequestEvent>;
  /** What still waits goes without bodies. */
  close(): Promise<void>;
}

export interface OpenMaskingOptions {
  readonly rules: MaskingRules;
  /** `MASKING_THREADS`. */
  readonly threads: number;
  /** Kept of each body, `CAPTURE_BYTES_MAX`. */
  readonly bytesMax: number;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Of bodies that wait, in all threads together: a few seconds' work of one. */
const QUEUE_BYTES_MAX = 256 * 1024 * 1024;

/** The masking of a gateway, and its part of `/metrics`. Imported where rules are set, so that others do not load it. */
export function openMasking({ threads, metrics, ...options }: OpenMaskingOptions): EventMasking {
  const dropped = metrics.counter(
    'gateway_masking_dropped_total',
    'Calls stored without their bodies because those could not be masked, by reason.',
    ['reason'],
  );
  const onDropped = (reason: string) => dropped.inc({ reason });
  const queueBytesMax = QUEUE_BYTES_MAX / threads;
  const all = Array.from({ length: threads }, () => new Masking({ ...options, queueBytesMax, onDropped }));
  metrics.gauge('gateway_masking_waiting_bytes', 'Bytes of bodies that wait to be masked.', [], (self) =>
    self.set(all.reduce((sum, { waitingBytes }) => sum + waitingBytes, 0)),
  );
  return {
    mask: (event) => leastBusy(all).mask(event),
    close: async () => void (await Promise.all(all.map((one) => one.close()))),
  };
}

function leastBusy(all: readonly Masking[]): Masking {
  let found = all[0]!;
  for (const one of all) if (one.waitingBytes < found.waitingBytes) found = one;
  return found;
}
