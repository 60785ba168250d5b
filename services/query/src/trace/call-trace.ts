import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { inSpan, type Span, type Tracer } from '@throughline/telemetry/tracer';
import type { Route } from '../route.ts';

/**
 * The spans of one call of the API: from its key to its answer's last byte (`server`), and within it one per query of the
 * analytics store (`client`). They name the endpoint, never what was asked for: filters and ids are the caller's own.
 */
export class CallTrace {
  readonly #tracer: Tracer;
  readonly #server: Span;

  constructor(tracer: Tracer, route: Pick<Route, 'method' | 'path'>, req: IncomingMessage, res: ServerResponse) {
    this.#tracer = tracer;
    const method = route.method.toUpperCase();
    this.#server = tracer.start(`${method} ${route.path}`, {
      kind: 'server',
      parent: { traceparent: headerOf(req, 'traceparent'), tracestate: headerOf(req, 'tracestate') },
      attributes: {
        'http.request.method': method,
        'http.route': route.path,
        'url.scheme': 'http',
        'network.protocol.version': req.httpVersion,
      },
    });
    // Also where the error handler answers, or the caller has gone.
    res.once('close', () => this.#end(res));
  }

  /** The same store, whose queries are spans of this call. */
  around({ query }: Pick<AnalyticsStore, 'query'>): Pick<AnalyticsStore, 'query'> {
    const start = {
      kind: 'client',
      parent: this.#server.context,
      attributes: { 'db.system.name': 'clickhouse', 'db.operation.name': 'SELECT' },
    } as const;
    return {
      query: <Row>(asked: Parameters<AnalyticsStore['query']>[0]) =>
        inSpan(this.#tracer, 'SELECT', start, async (span) => {
          const rows = await query<Row>(asked);
          span.set({ 'db.response.returned_rows': rows.length });
          return rows;
        }),
    };
  }

  #end({ statusCode, writableFinished }: ServerResponse): void {
    if (!writableFinished) this.#server.fail('client-aborted');
    else {
      this.#server.set({ 'http.response.status_code': statusCode });
      if (statusCode >= 500) this.#server.fail(String(statusCode));
    }
    this.#server.end();
  }
}

/** Several of one name are none. */
function headerOf({ headers }: IncomingMessage, name: 'traceparent' | 'tracestate'): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}
