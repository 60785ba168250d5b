import { type ReceivedAttributes, type ReceivedSpan, SPAN_KINDS, STATUS_ERROR } from './received-span.ts';

/**
 * Spans of an `ExportTraceServiceRequest` in protobuf, OTLP's usual form. @throws when it is none.
 *
 * @see https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto (the
 *   numbers of fields)
 */
export function decodeOtlpProtobuf(body: Buffer): ReceivedSpan[] {
  return messages(body, 1).flatMap((resourceSpans) => {
    const resource = attributesOf(messages(messages(resourceSpans, 1)[0] ?? NOTHING, 1));
    return messages(resourceSpans, 2).flatMap((scopeSpans) => {
      const scope = textOf(messages(scopeSpans, 1)[0] ?? NOTHING, 1);
      return messages(scopeSpans, 2).map((span) => spanOf(span, scope, resource));
    });
  });
}

const NOTHING = Buffer.alloc(0);

function spanOf(span: Buffer, scope: string, resource: ReceivedAttributes): ReceivedSpan {
  return {
    traceId: hexOf(span, 1),
    spanId: hexOf(span, 2),
    traceState: textOf(span, 3),
    parentSpanId: hexOf(span, 4),
    name: textOf(span, 5),
    kind: SPAN_KINDS[Number(numberOf(span, 6))]!,
    startNs: numberOf(span, 7),
    endNs: numberOf(span, 8),
    attributes: attributesOf(messages(span, 9)),
    links: messages(span, 13).map((link) => ({ traceId: hexOf(link, 1), spanId: hexOf(link, 2) })),
    isError: Number(numberOf(messages(span, 15)[0] ?? NOTHING, 3)) === STATUS_ERROR,
    scope,
    resource,
  };
}

function attributesOf(pairs: readonly Buffer[]): ReceivedAttributes {
  return Object.fromEntries(pairs.map((pair) => [textOf(pair, 1), anyValueOf(messages(pair, 2)[0] ?? NOTHING)]));
}

/** `AnyValue`: string, bool, int64 or double. */
function anyValueOf(value: Buffer): string | number | boolean {
  for (const { number, bytes, integer } of fieldsOf(value)) {
    if (number === 1) return bytes!.toString();
    if (number === 2) return integer === 1n;
    if (number === 3) return Number(BigInt.asIntN(64, integer!));
    if (number === 4) return doubleOf(integer!);
  }
  return '';
}

function doubleOf(bits: bigint): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}

const messages = (message: Buffer, number: number) =>
  fieldsOf(message).flatMap((field) => (field.number === number && field.bytes ? [field.bytes] : []));
const textOf = (message: Buffer, number: number) => messages(message, number)[0]?.toString() ?? '';
const hexOf = (message: Buffer, number: number) => messages(message, number)[0]?.toString('hex') ?? '';
const numberOf = (message: Buffer, number: number) =>
  fieldsOf(message).find((field) => field.number === number)?.integer ?? 0n;

interface Field {
  readonly number: number;
  /** Of a string, bytes or message. */
  readonly bytes?: Buffer;
  /** Of anything else, its 64 bits. */
  readonly integer?: bigint;
}

const VARINT = 0;
const FIXED_64 = 1;
const SIZED = 2;
const FIXED_32 = 5;

function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = Number(varint());
    const number = tag >>> 3;
    switch (tag & 7) {
      case VARINT:
        fields.push({ number, integer: varint() });
        break;
      case FIXED_64:
        fields.push({ number, integer: message.readBigUInt64LE(at) });
        at += 8;
        break;
      case SIZED: {
        const length = Number(varint());
        if (at + length > message.length) throw new RangeError('the message ends too early');
        fields.push({ number, bytes: message.subarray(at, at + length) });
        at += length;
        break;
      }
      case FIXED_32:
        fields.push({ number, integer: BigInt(message.readUInt32LE(at)) });
        at += 4;
        break;
      default:
        throw new TypeError(`wire type ${tag & 7} of field ${number}`);
    }
  }
  return fields;
}
