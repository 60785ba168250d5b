import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type ProcessIdentity, stillRuns } from './process-identity.ts';
import type { ServerName } from './server-unavailable.ts';

/** A server that `infra:up` started. */
export interface StartedServer {
  readonly process: ProcessIdentity;
  readonly port: number;
}

/** What `infra:up` started and nobody ended, and which ports were last used. */
export interface InfraState {
  readonly started: Readonly<Partial<Record<InfraServerName, StartedServer>>>;
  /** Asked for again at the next start, so that variables set in a shell stay true. */
  readonly ports: Readonly<Partial<Record<InfraServerName, number>>>;
}

/** What `infra:up` starts. */
export type InfraServerName = Exclude<ServerName, 's3' | 'chromium'>;

export const SERVER_NAMES: readonly InfraServerName[] = ['kafka', 'redis', 'clickhouse'];

/** Where servers of `infra:up` keep state and data: `THROUGHLINE_INFRA_DIR`, else `.throughline-infra` in the repository. */
export function infraFolder(env: NodeJS.ProcessEnv = process.env): string {
  return resolve(env.THROUGHLINE_INFRA_DIR || join(import.meta.dirname, '../../../.throughline-infra'));
}

/** Processes that do not run any more are left out; no file is an empty state. @throws where it cannot be read. */
export function readInfraState(folder: string): InfraState {
  const file = join(folder, STATE_FILE);
  if (!existsSync(file)) return { started: {}, ports: {} };
  try {
    const { started, ports } = JSON.parse(readFileSync(file, 'utf8')) as InfraState;
    const running = Object.entries(started).filter(([, server]) => stillRuns(server.process));
    return { started: Object.fromEntries(running), ports: { ...ports } };
  } catch (cause) {
    // What it named may still run: to go on as if nothing did would lose it.
    throw new Error(`${file} cannot be read; end what it names, then delete it (${(cause as Error).message})`, {
      cause,
    });
  }
}

/** The file holds the old state or the new one, never a part. */
export function writeInfraState(folder: string, state: InfraState): void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, STATE_FILE);
  writeFileSync(`${file}.new`, `${JSON.stringify(state, undefined, 2)}\n`);
  renameSync(`${file}.new`, file);
}

const STATE_FILE = 'state.json';
