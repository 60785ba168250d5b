import type { IncomingMessage } from 'node:http';
import type { NotRecordedReason } from '@throughline/contracts/errors';
import type { Attributes, Span, Tracer } from '@throughline/telemetry/tracer';
import type { CallFacts } from '../record/build-event.ts';
import { genAiNames } from './gen-ai.ts';

/** What was refused and was no call to a provider; a recording is not changed by whoever was to be answered from it. */
export type NeverRecorded = 'target-not-allowed' | 'cassette-of-itself';

/** How a call went. */
export interface TracedOutcome {
  /** As stored: an HTTP status, or a negative code. */
  readonly status: number;
  /** `''`: it ran to its end. */
  readonly abortReason: string;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/**
 * The spans of one proxied call: from its receipt to its end for the client (`server`), and within it from its sending to
 * the provider's end (`client`). The provider does not learn of them: it gets the trace headers of the caller, as they
 * are. Nothing in them comes from a body or the value of a header.
 */
export class CallTrace {
  readonly #tracer: Tracer;
  readonly #server: Span;
  readonly #call: CallFacts;
  readonly #names: Attributes;
  #client: Span | undefined;
  #sentAt = 0;
  #notRecorded: NotRecordedReason | NeverRecorded | undefined;

  constructor(tracer: Tracer, call: CallFacts, req: IncomingMessage & { readonly originalUrl?: string }) {
    this.#tracer = tracer;
    this.#call = call;
    const { traceparent, tracestate } = call.headers;
    const url = req.originalUrl ?? req.url ?? '';
    const route = url.startsWith(ROUTE_PREFIX) ? `${ROUTE_PREFIX}{provider}/*` : '/*';
    const method = methodOf(call.method);
    this.#names = namesOf(call, method);
    this.#server = tracer.start(`${method} ${route}`, {
      kind: 'server',
      parent: { traceparent, tracestate },
      attributes: {
        ...this.#names,
        'http.route': route,
        'url.scheme': 'http',
        // One of our keys may be a segment of it.
        'url.path': pathOf(url.includes('k-helicone') ? call.path : url),
        'network.protocol.version': req.httpVersion,
        'throughline.event.id': call.eventId,
      },
    });
  }

  /** What the event carries, so that what is done with it continues this call. */
  get traceparent(): string {
    return this.#server.context.traceparent;
  }

  /** The call goes to the provider. @param call as it is sent, where that differs from the first time. */
  sent(call = this.#call): void {
    if (!this.#server.isRecorded) return;
    const url = URL.parse(call.origin);
    const path = pathOf(call.path);
    this.#sentAt = performance.now();
    this.#client = this.#tracer.start(String(this.#names['http.request.method']), {
      kind: 'client',
      parent: this.#server.context,
      attributes: {
        ...(call === this.#call ? this.#names : namesOf(call, methodOf(call.method))),
        'url.full': `${call.origin}${path}`,
        ...(url && { 'server.address': url.hostname, 'server.port': portOf(url) }),
      },
    });
  }

  answered(status: number): void {
    this.#client?.set({
      'http.response.status_code': status,
      'throughline.provider.headers_ms': Math.round(performance.now() - this.#sentAt),
    });
    if (status >= 400) this.#client?.fail(String(status));
  }

  /** The provider has said all that it will. @param failure what went wrong on the way, from a closed set. */
  providerEnded(failure?: string): void {
    if (failure !== undefined) this.#client?.fail(failure);
    this.#client?.end();
    this.#client = undefined;
  }

  /** It is known how the call went; what completes it for the client is still held. */
  finished({ status, abortReason, requestBytes, responseBytes }: TracedOutcome): void {
    if (!this.#server.isRecorded) return;
    this.#server.set({
      ...(status >= 100 && { 'http.response.status_code': status }),
      'http.request.body.size': requestBytes,
      'http.response.body.size': responseBytes,
    });
    if (abortReason !== '') this.#server.fail(abortReason);
    else if (status >= 500 || status < 100) this.#server.fail(String(status));
  }

  /** There is no event of it, and this is why. */
  notRecorded(reason: NotRecordedReason | NeverRecorded): void {
    this.#notRecorded = reason;
  }

  /** The client has got all that it will, and the event is in the log or never will be. */
  ended(): void {
    this.#server.set({
      'throughline.recorded': this.#notRecorded === undefined,
      ...(this.#notRecorded && { 'throughline.not_recorded.reason': this.#notRecorded }),
    });
    this.#server.end();
  }
}

const ROUTE_PREFIX = '/v1/gateway/';

function namesOf({ provider, path }: CallFacts, method: string): Attributes {
  const names = genAiNames(provider, path);
  return {
    'http.request.method': method,
    ...(names.operation && { 'gen_ai.operation.name': names.operation }),
    ...(names.provider && { 'gen_ai.provider.name': names.provider }),
    ...(names.model && { 'gen_ai.request.model': names.model }),
  };
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'QUERY']);

/** What a client may make up is no name of a span. */
function methodOf(method: string): string {
  return METHODS.has(method) ? method : '_OTHER';
}

/** Queries may hold anything, credentials too. */
function pathOf(path: string): string {
  return path.split('?', 1)[0]!;
}

function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
}
