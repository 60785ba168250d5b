import type { IncomingHttpHeaders } from 'node:http';
import type { Logger } from '@throughline/telemetry/logger';
import type { Clock } from '../clock.ts';
import type { GatewayConfig } from '../gateway-config.ts';
import type { CaptureBudget } from '../record/body-capture.ts';
import type { Recorder } from '../record/recorder.ts';
import type { IngestForm } from './ingest-endpoint.ts';
import type { IngestMetrics } from './ingest-metrics.ts';
import type { LogAdmission } from './log-admission.ts';
import type { TraceSessions } from './otlp/trace-sessions.ts';

/** What every call of a log endpoint works with. */
export interface IngestDeps {
  readonly admitLog: (headers: IncomingHttpHeaders, form: IngestForm) => Promise<LogAdmission>;
  /** Bodies that are being read, of callers with a key and of all others. */
  readonly budget: CaptureBudget;
  readonly strangersBudget: CaptureBudget;
  readonly clock: Clock;
  readonly config: GatewayConfig;
  readonly recorder: Recorder;
  readonly metrics: IngestMetrics;
  readonly traceSessions: TraceSessions;
  readonly logger: Logger;
}
