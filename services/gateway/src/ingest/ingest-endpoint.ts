/** Who an endpoint's answers are made for. */
export type IngestForm =
  /** `/custom/v1/log` and the like: plain answers, checks in the order of the wire contract, 3.3. */
  | 'worker'
  /** The same calls under `/v1/trace`: answers of the JSON API. */
  | 'api'
  /** `/v1/trace/custom/log/typed`: mistakes are listed field by field. */
  | 'typed'
  /** Spans. */
  | 'otlp';

export interface IngestEndpoint {
  readonly form: IngestForm;
  /** Stored provider of what is logged here. */
  readonly provider: string;
  /** The provider that the body names is stored instead. */
  readonly isNamedByBody: boolean;
}

/** The endpoint that takes finished calls at this path; undefined when there is none. @param url path and query. */
export function ingestEndpoint(url: string): IngestEndpoint | undefined {
  const question = url.indexOf('?');
  return ENDPOINTS.get(question === -1 ? url : url.slice(0, question));
}

/** Segment of the path → stored provider. */
const ROUTES = [
  ['custom', 'CUSTOM'],
  ['oai', 'OPENAI'],
  ['anthropic', 'ANTHROPIC'],
  ['googleapis', 'GOOGLE'],
] as const;

const OTLP: IngestEndpoint = { form: 'otlp', provider: 'CUSTOM', isNamedByBody: true };

const ENDPOINTS: ReadonlyMap<string, IngestEndpoint> = new Map([
  ...ROUTES.flatMap(([segment, provider]): [string, IngestEndpoint][] => [
    [`/${segment}/v1/log`, { form: 'worker', provider, isNamedByBody: provider === 'CUSTOM' }],
    // Clients append their whole route to whatever base they are given.
    [`/v1/trace/${segment}/v1/log`, { form: 'api', provider, isNamedByBody: true }],
    [`/v1/trace/${segment}/log`, { form: 'api', provider, isNamedByBody: true }],
  ]),
  ['/v1/trace/custom/log/typed', { form: 'typed', provider: 'CUSTOM', isNamedByBody: true }],
  // OTLP's own path, and those of the clients of old.
  ['/v1/traces', OTLP],
  ['/v1/trace/log', OTLP],
  ['/v1/trace/log-python', OTLP],
]);
