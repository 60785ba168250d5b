import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { CONNECTION_OPTIONS, connectToApi, readOptions } from '../api-connection.ts';
import { StartError } from '../start-error.ts';
import { UsageError } from '../usage-error.ts';

/** `throughline export <session>`: the file of a session, whole or not at all where a name is given. */
export async function runExport(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const { values, positionals } = readOptions(args, {
    ...CONNECTION_OPTIONS,
    output: { type: 'string', short: 'o' },
    gzip: { type: 'boolean' },
    'no-mask': { type: 'boolean' },
  });
  const [sessionId, ...others] = positionals;
  if (sessionId === undefined || others.length > 0) throw new UsageError('it takes the id of one session');
  const query = new URLSearchParams({ gzip: String(values.gzip ?? false), mask: String(!values['no-mask']) });
  const answer = await connectToApi(values, env).ask(`/v1/session/${encodeURIComponent(sessionId)}/export?${query}`);
  const body = Readable.fromWeb(answer.body as ReadableStream);
  try {
    if (values.output === undefined) await pipeline(body, process.stdout, { end: false });
    else await writeWhole(body, values.output);
  } catch (error) {
    throw new StartError(`the file did not come whole: ${(error as Error).message}`, { cause: error });
  }
  return 0;
}

/** Half of a file never has the name of the whole. */
async function writeWhole(body: Readable, path: string): Promise<void> {
  const part = `${path}.part`;
  try {
    // Whatever was said in a session may be in it: nobody else's to read.
    await pipeline(body, createWriteStream(part, { mode: 0o600 }));
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
