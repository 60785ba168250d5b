import { topLevelScalars } from '@throughline/providers/top-level-scalars';

/**
 * The `type` of a message of the realtime protocol; `''` when it has none, or is no JSON object. Nearly every message
 * begins with it; one that does not is looked through, without being parsed.
 */
export function eventTypeOf(message: Buffer): string {
  const leading = LEADING_TYPE.exec(message.toString('latin1', 0, HEAD_BYTES))?.[1];
  if (leading !== undefined) return leading;
  const type = topLevelScalars(message.toString(), TYPE).get('type');
  return typeof type === 'string' ? type : '';
}

/** Longer than any name: `{"type": "conversation.item.input_audio_transcription.completed"`. */
const HEAD_BYTES = 96;
const LEADING_TYPE = /^\s*\{\s*"type"\s*:\s*"([^"\\]*)"/;
const TYPE: ReadonlySet<string> = new Set(['type']);
