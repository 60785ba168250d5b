import type { ServerResponse } from 'node:http';
import { CallHeaders } from '../request/call-headers.ts';

/** Path of the test route below the labels of OpenAI (wire contract 2.1). */
export const TEST_PATH = '/helicone/test';

/**
 * Answers `GET /helicone/test`, which says whether headers arrive: the properties that a call with these headers would
 * be stored with. Nothing is sent on, nothing is recorded, and no key is needed.
 */
export function answerTest(res: ServerResponse, rawHeaders: readonly string[]): void {
  const headers = new CallHeaders(rawHeaders);
  const session = headers.session(['helicone-session-id']);
  const named: (readonly [string, string])[] = [
    ['Helicone-Session-Id', session?.id ?? ''],
    ['Helicone-Session-Name', headers.sessionName],
    ['Helicone-Session-Path', headers.sessionPath],
  ];
  // A caller's names are data: `__proto__` is one like any other.
  const properties: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of named) if (value !== '') properties[name] = value;
  for (const [name, value] of headers.properties) properties[name] = value;
  const body = Buffer.from(JSON.stringify({ test: 'Hello World!', properties }));
  res.writeHead(200, ['Content-Type', 'application/json', 'Content-Length', String(body.length)]);
  res.end(body);
}
