/**
 * An event as it is stored: as it was sent, but for audio, of which only the length is kept, and for credentials of
 * tools and clients.
 *
 * @returns undefined for what is nested deeper than JSON can be written.
 */
export function briefEvent(event: unknown): string | undefined {
  try {
    return JSON.stringify(event, brief);
  } catch {
    return undefined;
  }
}

/** How many bytes a base64 text stands for. */
export function base64Bytes(length: number): number {
  return Math.floor((length * 3) / 4);
}

/** Bytes of audio in an `input_audio_buffer.append`, found without parsing it: such messages come fifty times a second. */
export function audioBytesOf(message: Buffer): number {
  const key = message.indexOf(AUDIO_KEY);
  if (key < 0) return 0;
  const from = message.indexOf(QUOTE, key + AUDIO_KEY.length);
  const to = from < 0 ? -1 : message.indexOf(QUOTE, from + 1);
  return to < 0 ? 0 : base64Bytes(to - from - 1);
}

const AUDIO_KEY = Buffer.from('"audio"');
const QUOTE = 0x22;

function brief(this: unknown, key: string, value: unknown): unknown {
  if (key === 'audio' && typeof value === 'string') return `[${base64Bytes(value.length)} bytes]`;
  // The short-lived key of a browser, and what a remote tool is called with.
  if (key === 'client_secret') return MASKED;
  if ((key === 'authorization' || key === 'headers') && isTool(this)) return MASKED;
  return value;
}

const MASKED = '***';

function isTool(holder: unknown): boolean {
  return typeof holder === 'object' && holder !== null && 'type' in holder && holder.type === 'mcp';
}
