import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Metrics } from '@throughline/telemetry/metrics';
import { CaptureBudget } from '../record/body-capture.ts';
import type { IngestDeps } from './ingest-deps.ts';
import { type IngestEndpoint, ingestEndpoint } from './ingest-endpoint.ts';
import { createIngestMetrics, type IngestMetrics } from './ingest-metrics.ts';
import { createLogAdmission, type LogAdmissionDeps } from './log-admission.ts';
import { TraceSessions } from './otlp/trace-sessions.ts';

export interface Ingest {
  /** Answers the call if it is one of a log endpoint. @param url as received. @returns false when it is not. */
  take(req: IncomingMessage, res: ServerResponse, url: string): boolean;
  /** Calls that are not in the log yet. */
  readonly open: { readonly size: number };
}

export type IngestOptions = Omit<IngestDeps, 'admitLog' | 'budget' | 'strangersBudget' | 'metrics' | 'traceSessions'> &
  LogAdmissionDeps & { readonly metrics: Metrics };

/** Bytes of bodies that are being read: six of the largest, some tens of thousands of usual ones. */
const BODIES_BYTES_MAX = 64 * 1024 * 1024;
/** The same for callers without a key, whose bodies are only read to tell them what is wrong first. */
const STRANGERS_BYTES_MAX = 16 * 1024 * 1024;

/** The endpoints that take finished calls (wire contract, 3): logged by hand, or as OpenTelemetry spans. */
export function createIngest(options: IngestOptions): Ingest {
  const open = { size: 0 };
  const metrics: IngestMetrics = createIngestMetrics(options.metrics, () => open.size);
  const deps: IngestDeps = {
    ...options,
    metrics,
    traceSessions: new TraceSessions(options.clock),
    admitLog: createLogAdmission(options),
    budget: new CaptureBudget(BODIES_BYTES_MAX),
    strangersBudget: new CaptureBudget(STRANGERS_BYTES_MAX),
  };
  return {
    open,
    take(req, res, url) {
      if (req.method !== 'POST') return false;
      const endpoint = ingestEndpoint(url);
      if (!endpoint) return false;
      open.size++;
      // Neither rejects: what goes wrong is an answer.
      const handled = endpoint.form === 'otlp' ? takeTraces(deps, req, res) : takeLog(deps, endpoint, req, res);
      void handled.finally(() => {
        open.size--;
      });
      return true;
    },
  };
}

// Loaded when the first of their kind comes: few installations are sent any, and all of them start.
let logs: Promise<typeof import('./log-endpoint.ts')> | undefined;
let traces: Promise<typeof import('./otlp/otlp-endpoint.ts')> | undefined;

async function takeLog(
  deps: IngestDeps,
  endpoint: IngestEndpoint,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  logs ??= import('./log-endpoint.ts');
  await (await logs).handleLog(deps, endpoint, req, res);
}

async function takeTraces(deps: IngestDeps, req: IncomingMessage, res: ServerResponse): Promise<void> {
  traces ??= import('./otlp/otlp-endpoint.ts');
  await (await traces).handleTraces(deps, req, res);
}
