import { isUtf8 } from 'node:buffer';

/**
 * A header value as text. Node hands over bytes as Latin-1; clients that put names and prompts into headers mean UTF-8.
 * Bytes that are not UTF-8 stay Latin-1, so that nothing is lost.
 */
export function headerText(value: string): string {
  if (!HIGH.test(value)) return value;
  const bytes = Buffer.from(value, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : value;
}

const HIGH = /[\u0080-\u00ff]/;
