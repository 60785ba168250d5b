/** One recorded call: a line of the recordings. */
export interface Recording {
  readonly id: string;
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly request: Body & { readonly headers: Readonly<Record<string, string>> };
  readonly response: Body & { readonly status: number; readonly content_type: string };
}

/** `text`, or `base64` where the body is none; neither where there is none. */
export interface Body {
  readonly text?: string;
  readonly base64?: string;
}

export type Json = Readonly<Record<string, unknown>>;

/** The bytes of a recorded body. */
export function bytesOf({ text, base64 }: Body): Buffer {
  return base64 === undefined ? Buffer.from(text ?? '') : Buffer.from(base64, 'base64');
}

/**
 * Every JSON document that a response consists of, read apart from the product's readers: frames are walked by their
 * lengths without a codec, events split at blank lines, what does not parse is left out.
 */
export function documentsOf({ response }: Recording): Json[] {
  const texts =
    response.base64 === undefined ? textsOf(response.content_type, response.text ?? '') : payloads(response.base64);
  return texts.map(parse).filter((value): value is Json => typeof value === 'object' && value !== null);
}

function textsOf(contentType: string, text: string): string[] {
  if (!contentType.startsWith('text/event-stream')) return [text];
  return text
    .replaceAll('\r\n', '\n')
    .split('\n\n')
    .map((block) => {
      const fields = block.split('\n').filter((field) => field.startsWith('data:'));
      return fields.map((field) => field.slice('data:'.length).trim()).join('\n');
    });
}

/** Payloads of AWS frames: lengths stand in the first eight bytes, checksums behind them and at the end. */
function payloads(base64: string): string[] {
  const bytes = Buffer.from(base64, 'base64');
  const found: string[] = [];
  for (let at = 0; at + 16 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    // Cut: what is not whole says nothing.
    if (at + length > bytes.length) break;
    const headersLength = bytes.readUInt32BE(at + 4);
    const text = bytes.toString('utf8', at + 12 + headersLength, at + length - 4);
    const wrapped = (parse(text) as { bytes?: unknown } | undefined)?.bytes;
    found.push(typeof wrapped === 'string' ? Buffer.from(wrapped, 'base64').toString('utf8') : text);
    at += length;
  }
  return found;
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
