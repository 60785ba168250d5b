import type { Logger } from '@throughline/telemetry/logger';
import type { Metrics } from '@throughline/telemetry/metrics';
import { Masking } from './masking.ts';
import type { MaskingRules } from './masking-rules.ts';

export interface OpenMaskingOptions {
  readonly rules: MaskingRules;
  /** Kept of each body, `CAPTURE_BYTES_MAX`. */
  readonly bytesMax: number;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** The masking of a gateway, and its part of `/metrics`. Imported where rules are set, so that others do not load it. */
export function openMasking({ rules, bytesMax, metrics, logger }: OpenMaskingOptions): Masking {
  const dropped = metrics.counter(
    'gateway_masking_dropped_total',
    'Calls stored without their bodies because those could not be masked, by reason.',
    ['reason'],
  );
  const masking = new Masking({ rules, bytesMax, onDropped: (reason) => dropped.inc({ reason }), logger });
  metrics.gauge('gateway_masking_waiting_bytes', 'Bytes of bodies that wait to be masked.', [], (self) =>
    self.set(masking.waitingBytes),
  );
  return masking;
}
