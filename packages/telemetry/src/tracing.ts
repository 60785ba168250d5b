import type { Logger } from './logger.ts';
import { NO_TRACER, type Tracer } from './tracer.ts';

/** What a process traces with. */
export interface Tracing {
  readonly isOn: boolean;
  /** @param scope who makes the spans: the package's name. */
  tracer(scope: string): Tracer;
  /**
   * Hands over what is left, `FLUSH_MS_MAX` at most; what a collector does not take by then is given up. Never rejects.
   *
   * @returns false when something was given up: connections to the collector may then hold the process for a while
   *   longer, which must end by `process.exit`.
   */
  close(): Promise<boolean>;
}

export interface TracingOptions {
  /** The standard variables (`OTEL_…`), which the SDK reads from the environment of the process. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where `OTEL_SERVICE_NAME` is unset. */
  readonly serviceName: string;
  readonly serviceVersion: string;
  /** The same for all threads of a process. */
  readonly instanceId: string;
  readonly logger: Logger;
}

/** Longest wait of a process that ends for its last spans. */
export const FLUSH_MS_MAX = 2_000;

/**
 * Sends spans to where `OTEL_EXPORTER_OTLP_ENDPOINT` says, by OpenTelemetry's SDK. Unset, nothing of it is even loaded:
 * its import takes 200 to 270 ms.
 */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  if (!isTracingOn(options.env)) return NO_TRACING;
  const { startOpenTelemetry } = await import('./open-telemetry.ts');
  return startOpenTelemetry(options);
}

export const NO_TRACING: Tracing = { isOn: false, tracer: () => NO_TRACER, close: async () => true };

/** Whether the environment asks for spans, by the rules of OpenTelemetry's specification. */
export function isTracingOn(env: TracingOptions['env']): boolean {
  if (!env.OTEL_EXPORTER_OTLP_ENDPOINT && !env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) return false;
  return env.OTEL_SDK_DISABLED?.trim().toLowerCase() !== 'true' && env.OTEL_TRACES_EXPORTER?.trim() !== 'none';
}
