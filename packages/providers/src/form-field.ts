/**
 * The value of a short text field of a `multipart/form-data` body: a transcription names its model in one, before or
 * behind the file. `''` when there is no such field, or it is cut.
 *
 * @param valueBytesMax longer values are no names and are not returned.
 */
export function formField(bytes: Uint8Array, contentType: string, field: string, valueBytesMax: number): string {
  const boundary = /boundary=(?:"([^"]{1,70})"|([^\s;,]{1,70}))/i.exec(contentType);
  const delimiter = `--${boundary?.[1] ?? boundary?.[2] ?? ''}`;
  if (delimiter === '--') return '';
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const name of [`name="${field}"`, `name=${field}\r\n`]) {
    const value = fieldValue(body, delimiter, name, valueBytesMax);
    if (value !== '') return value;
  }
  return '';
}

function fieldValue(body: Buffer, delimiter: string, name: string, valueBytesMax: number): string {
  for (let at = body.indexOf(name); at >= 0; at = body.indexOf(name, at + 1)) {
    // Inside of a part's head, not of a file that quotes one: the delimiter stands shortly before.
    const headAt = body.lastIndexOf(delimiter, at);
    if (headAt < 0 || at - headAt > HEAD_BYTES_MAX) continue;
    const headEnd = body.indexOf('\r\n\r\n', headAt);
    if (headEnd < at) continue;
    const valueAt = headEnd + 4;
    const valueEnd = body.indexOf(`\r\n${delimiter}`, valueAt);
    if (valueEnd >= 0 && valueEnd - valueAt <= valueBytesMax) return body.toString('utf8', valueAt, valueEnd);
  }
  return '';
}

/** Heads of parts are a line or two. */
const HEAD_BYTES_MAX = 1024;
