import { Pool } from 'undici';
import type { Caller } from './list-api.ts';

/** One connection to a server, kept open. */
export function openCaller(
  origin: string,
  headers: Readonly<Record<string, string>>,
): { readonly call: Caller; close(): Promise<void> } {
  const pool = new Pool(origin, { connections: 1, headersTimeout: ANSWER_MS_MAX, bodyTimeout: ANSWER_MS_MAX });
  return {
    async call({ path, body }) {
      const answer = await pool.request({
        path,
        method: body === undefined ? 'GET' : 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await answer.body.text();
      if (answer.statusCode >= 300) throw new Error(`${path}: ${answer.statusCode} ${text.slice(0, 500)}`);
      return text;
    },
    close: () => pool.close(),
  };
}

const ANSWER_MS_MAX = 120_000;
