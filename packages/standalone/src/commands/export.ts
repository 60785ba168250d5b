import { createWriteStream } from 'node:fs';
import { realpath, rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { CONNECTION_OPTIONS, connectToApi, readOptions } from '../api-connection.ts';
import { StartError } from '../start-error.ts';
import { UsageError } from '../usage-error.ts';

/**
 * `throughline export <session>`: the file of a session, whole or not at all where a name is given; a file of that name is replaced.
 * The exit code is 1 without a word where whoever reads from the command wants no more.
 */
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
  if (!sessionId || others.length > 0) throw new UsageError('it takes the id of one session');
  const query = new URLSearchParams({ gzip: String(values.gzip ?? false), mask: String(!values['no-mask']) });
  const api = connectToApi(values, env);
  const target = await placeFor(values.output);
  const answer = await api.ask(`/v1/session/${encodeURIComponent(sessionId)}/export?${query}`);
  const body = Readable.fromWeb(answer.body as ReadableStream);
  try {
    if (target === undefined) await pipeline(body, process.stdout, { end: false });
    else if (target.isFile) await writeWhole(body, target.path);
    else await pipeline(body, createWriteStream(target.path));
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (code === 'EPIPE') return 1;
    // Calls of the system are to this machine's files; what fails beside them is the answer.
    if (target !== undefined && syscall !== undefined && LOCAL.has(syscall)) {
      throw new StartError(`${values.output} cannot be written (${code})`, { cause: error });
    }
    throw new StartError(`the file did not come whole: ${message}`, { cause: error });
  }
  return 0;
}

const LOCAL: ReadonlySet<string> = new Set(['open', 'write', 'rename', 'close']);

interface Place {
  readonly path: string;
  /** Or nothing yet: it can be made anew under another name, and take the place. A device or pipe is written to. */
  readonly isFile: boolean;
}

/** Where it goes; undefined: to stdout. @throws StartError for a folder, before anything is asked for. */
async function placeFor(output: string | undefined): Promise<Place | undefined> {
  if (output === undefined || output === '-') return undefined;
  const found = await stat(output).catch(() => undefined);
  if (found === undefined) return { path: output, isFile: true };
  if (found.isDirectory()) throw new StartError(`${output} cannot be written (EISDIR)`);
  // A link stays one.
  return found.isFile() ? { path: await realpath(output), isFile: true } : { path: output, isFile: false };
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
