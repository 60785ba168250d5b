/**
 * What of an answer's headers is given again with it: those that say what it is, and the provider's ids of the call that
 * it was made for. Not cookies, which belong to one client, and nothing that was true at that moment only: its date, its age,
 * limits and what was left of them.
 *
 * @param headers names and values, alternating.
 */
export function keptHeaders(headers: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    if (!isPassing(headers[i]!.toLowerCase())) kept.push(headers[i]!, headers[i + 1]!);
  }
  return kept;
}

const PASSING = new Set([
  ...['set-cookie', 'set-cookie2', 'date', 'age', 'expires', 'retry-after', 'retry-after-ms', 'x-should-retry'],
  ...['alt-svc', 'server-timing', 'nel', 'report-to', 'reporting-endpoints', 'via', 'cf-cache-status'],
  // Said by the gateway about each call, or by another one behind it about its own.
  'x-helicone-error',
]);

function isPassing(name: string): boolean {
  return PASSING.has(name) || name.startsWith('helicone-') || name.includes('ratelimit');
}
