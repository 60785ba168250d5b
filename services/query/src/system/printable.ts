/**
 * Bytes as text that does nothing wherever it is shown: printable ASCII as it is, a backslash twice, everything else as
 * `\xNN`.
 *
 * @param max bytes of the beginning.
 */
export function printable(bytes: Uint8Array, max: number): string {
  let text = '';
  for (const byte of bytes.subarray(0, max)) {
    if (byte === BACKSLASH) text += '\\\\';
    else if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte);
    else text += `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return text;
}

const BACKSLASH = 0x5c;
