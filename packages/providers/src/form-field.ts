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
  let at = body.indexOf(name);
  for (let tries = 0; at >= 0 && tries < TRIES_MAX; tries++) {
    // Inside of a part's head, not of a file that quotes one: the delimiter stands shortly before.
    const from = Math.max(0, at - HEAD_BYTES_MAX);
    const delimiterAt = body.subarray(from, at).lastIndexOf(delimiter);
    const headAt = from + delimiterAt;
    const headLength = body.subarray(headAt, headAt + HEAD_BYTES_MAX).indexOf('\r\n\r\n');
    if (delimiterAt >= 0 && headAt + headLength > at) {
      const valueAt = headAt + headLength + 4;
      const rest = body.subarray(valueAt, valueAt + valueBytesMax + delimiter.length + 2);
      const length = rest.indexOf(`\r\n${delimiter}`);
      if (length >= 0) return rest.toString('utf8', 0, length);
    }
    at = body.indexOf(name, at + 1);
  }
  return '';
}

/** Heads of parts are a line or two. */
const HEAD_BYTES_MAX = 1024;
/** A file may quote the name over and over; each look costs a kilobyte or two of reading. */
const TRIES_MAX = 1000;
