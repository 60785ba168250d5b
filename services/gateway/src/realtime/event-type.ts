import { topLevelScalars } from '@throughline/providers/top-level-scalars';

/**
 * The `type` of a message of the realtime protocol; `''` when it has none, or is no JSON object. Nearly every message has
 * it at its beginning, if not behind an id; any other is looked through, without being parsed.
 */
export function eventTypeOf(message: Buffer): string {
  const head = message.toString('utf8', 0, HEAD_BYTES);
  const type = LEADING_TYPE.exec(head)?.[1] ?? typeIn(head);
  if (type !== undefined || message.length <= HEAD_BYTES) return type ?? '';
  return typeIn(message.toString()) ?? '';
}

/** Room for an id of the client's own choice and the longest name. */
const HEAD_BYTES = 256;
const LEADING_TYPE = /^\s*\{\s*"type"\s*:\s*"([^"\\]*)"/;
const TYPE: ReadonlySet<string> = new Set(['type']);

/** Of a text that was cut, what stands before the cut. */
function typeIn(text: string): string | undefined {
  const type = topLevelScalars(text, TYPE).get('type');
  return typeof type === 'string' ? type : undefined;
}
