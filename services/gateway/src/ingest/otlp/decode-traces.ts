import protobuf from 'protobufjs/light.js';

/**
 * An `ExportTraceServiceRequest` as OTLP's JSON has it, or decoded from protobuf into the same names. Whoever sends it may
 * put anything anywhere, so nothing about it is taken for granted.
 */
export interface RawTraces {
  readonly resourceSpans?: unknown;
}

/** @throws SyntaxError, or TypeError where it is no object. */
export function decodeJsonTraces(body: Buffer): RawTraces {
  const parsed: unknown = JSON.parse(body.toString());
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new TypeError('not an object');
  return parsed;
}

/** @throws Error of protobufjs for bytes that are no such message, or nested deeper than it goes. */
export function decodeProtobufTraces(body: Buffer): RawTraces {
  return exportRequestType().decode(body) as unknown as RawTraces;
}

/** The message, as far as it is read here. Its code is made when the first spans come. */
export function exportRequestType(): protobuf.Type {
  exportRequest ??= protobuf.Root.fromJSON(DESCRIPTOR).lookupType('ExportTraceServiceRequest');
  return exportRequest;
}

let exportRequest: protobuf.Type | undefined;

const repeated = 'repeated';

/**
 * The messages of a trace, as far as they are read here; what is left out is skipped by whoever decodes.
 *
 * @see https://github.com/open-telemetry/opentelemetry-proto (trace/v1, common/v1, resource/v1: names and numbers)
 */
const DESCRIPTOR: protobuf.INamespace = {
  nested: {
    ExportTraceServiceRequest: { fields: { resourceSpans: { rule: repeated, type: 'ResourceSpans', id: 1 } } },
    ResourceSpans: {
      fields: { resource: { type: 'Resource', id: 1 }, scopeSpans: { rule: repeated, type: 'ScopeSpans', id: 2 } },
    },
    Resource: { fields: { attributes: { rule: repeated, type: 'KeyValue', id: 1 } } },
    ScopeSpans: {
      fields: { scope: { type: 'Scope', id: 1 }, spans: { rule: repeated, type: 'Span', id: 2 } },
    },
    Scope: { fields: { name: { type: 'string', id: 1 } } },
    Span: {
      fields: {
        traceId: { type: 'bytes', id: 1 },
        spanId: { type: 'bytes', id: 2 },
        traceState: { type: 'string', id: 3 },
        parentSpanId: { type: 'bytes', id: 4 },
        name: { type: 'string', id: 5 },
        startTimeUnixNano: { type: 'fixed64', id: 7 },
        endTimeUnixNano: { type: 'fixed64', id: 8 },
        attributes: { rule: repeated, type: 'KeyValue', id: 9 },
        events: { rule: repeated, type: 'Event', id: 11 },
        status: { type: 'Status', id: 15 },
      },
    },
    Event: {
      fields: {
        timeUnixNano: { type: 'fixed64', id: 1 },
        name: { type: 'string', id: 2 },
        attributes: { rule: repeated, type: 'KeyValue', id: 3 },
      },
    },
    Status: { fields: { message: { type: 'string', id: 2 }, code: { type: 'int32', id: 3 } } },
    KeyValue: { fields: { key: { type: 'string', id: 1 }, value: { type: 'AnyValue', id: 2 } } },
    AnyValue: {
      fields: {
        stringValue: { type: 'string', id: 1 },
        boolValue: { type: 'bool', id: 2 },
        intValue: { type: 'int64', id: 3 },
        doubleValue: { type: 'double', id: 4 },
        arrayValue: { type: 'ArrayValue', id: 5 },
        kvlistValue: { type: 'KeyValueList', id: 6 },
        bytesValue: { type: 'bytes', id: 7 },
      },
    },
    ArrayValue: { fields: { values: { rule: repeated, type: 'AnyValue', id: 1 } } },
    KeyValueList: { fields: { values: { rule: repeated, type: 'KeyValue', id: 1 } } },
  },
};
