/** Spans in OTLP's JSON, as exporters write them. */
export type Attributes = Readonly<Record<string, unknown>>;

export interface MadeSpan {
  readonly name?: string;
  readonly id?: string;
  readonly parent?: string;
  readonly trace?: string;
  readonly attributes?: Attributes;
  readonly events?: readonly { name: string; timeUnixNano?: string; attributes?: Attributes }[];
  readonly status?: { code: number; message?: string };
  readonly more?: Readonly<Record<string, unknown>>;
}

export const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
export const START_MS = 1_760_000_000_000;

let made = 0;

export function otlpSpan({ name = 'span', id, parent, trace = TRACE_ID, attributes = {}, ...rest }: MadeSpan = {}) {
  made++;
  return {
    traceId: trace,
    spanId: id ?? made.toString(16).padStart(16, 'a'),
    ...(parent !== undefined && { parentSpanId: parent }),
    name,
    kind: 3,
    startTimeUnixNano: `${START_MS}000000`,
    endTimeUnixNano: `${START_MS + 1_500}900000`,
    attributes: otlpAttributes(attributes),
    ...(rest.events && {
      events: rest.events.map((event) => ({ ...event, attributes: otlpAttributes(event.attributes ?? {}) })),
    }),
    ...(rest.status && { status: rest.status }),
    ...rest.more,
  };
}

export function otlpExport(spans: readonly unknown[], resource: Attributes = { 'service.name': 'agent' }) {
  return {
    resourceSpans: [
      { resource: { attributes: otlpAttributes(resource) }, scopeSpans: [{ scope: { name: 'made' }, spans }] },
    ],
  };
}

export function otlpAttributes(attributes: Attributes): unknown[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: otlpValue(value) }));
}

export function otlpValue(value: unknown): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(otlpValue) } };
  if (value === null) return {};
  return { kvlistValue: { values: otlpAttributes(value as Attributes) } };
}
