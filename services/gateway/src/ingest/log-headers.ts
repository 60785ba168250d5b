import { HEADERS_BYTES_MAX } from '@throughline/http/server-limits';
import { CallHeaders } from '../request/call-headers.ts';

/**
 * The headers of a log call with those that stand in its `meta`, as one: where both name the same thing the call's own
 * win. Of `meta` only what is ours counts.
 *
 * @returns undefined when `meta` says more than headers could.
 */
export function logHeaders(
  rawHeaders: readonly string[],
  meta: Readonly<Record<string, unknown>> | null | undefined,
): CallHeaders | undefined {
  const names = meta ? Object.keys(meta).filter((name) => OURS.test(name)) : [];
  if (names.length === 0) return new CallHeaders(rawHeaders);
  const all = [...rawHeaders];
  const sent = new Set<string>();
  for (let i = 0; i < rawHeaders.length; i += 2) sent.add(rawHeaders[i]!.toLowerCase());
  let chars = 0;
  for (const name of names) {
    const value = meta![name];
    if (sent.has(name.toLowerCase()) || !isScalar(value)) continue;
    const text = String(value);
    chars += name.length + text.length;
    if (chars > HEADERS_BYTES_MAX) return undefined;
    // As headers come: UTF-8, each byte a character.
    all.push(name, Buffer.from(text).toString('latin1'));
  }
  return new CallHeaders(all);
}

const OURS = /^helicone-/i;

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
