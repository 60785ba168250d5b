import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { importAnswer } from '@throughline/contracts/api/session-bundle';
import type { z } from 'zod';
import { CONNECTION_OPTIONS, connectToApi, readOptions } from '../api-connection.ts';
import { StartError } from '../start-error.ts';
import { terminalLine } from '../terminal-text.ts';
import { UsageError } from '../usage-error.ts';

type Imported = z.output<typeof importAnswer>['data'];

/** `throughline import <file>`: the exit code is 1 where the session is not what the file says. */
export async function runImport(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const { values, positionals } = readOptions(args, {
    ...CONNECTION_OPTIONS,
    as: { type: 'string' },
    json: { type: 'boolean' },
  });
  const [path, ...others] = positionals;
  if (path === undefined || others.length > 0) throw new UsageError('it takes one file');
  const query = values.as === undefined ? '' : `?${new URLSearchParams({ as: values.as })}`;
  const api = connectToApi(values, env);
  const answer = await api.ask(`/v1/session/import${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: Readable.toWeb(await opened(path)) as ReadableStream,
    duplex: 'half',
  });
  const { data } = (await answer.json()) as { data: Imported };
  process.stdout.write(values.json ? `${JSON.stringify(data)}\n` : described(data));
  return data.differences.length === 0 ? 0 : 1;
}

async function opened(path: string): Promise<Readable> {
  if (path === '-') return process.stdin;
  try {
    const file = await open(path);
    if (!(await file.stat()).isDirectory()) return file.createReadStream();
    await file.close();
  } catch (error) {
    throw new StartError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code})`, { cause: error });
  }
  throw new StartError(`${path} cannot be read (EISDIR)`);
}

function described({ session_id, requests, imported, shortened, differences }: Imported): string {
  const already = requests - imported;
  const lines = [
    `session ${terminalLine(session_id)}: ${imported} of ${requests} requests recorded${already > 0 ? `, ${already} were there` : ''}`,
  ];
  if (shortened > 0) lines.push(`${shortened} of them with less of their bodies than the file has`);
  if (differences.length === 0) lines.push('its totals are those of the file');
  for (const { what, file, here } of differences) {
    lines.push(terminalLine(`${what} differs: ${file} in the file, ${here} here`));
  }
  return `${lines.join('\n')}\n`;
}
