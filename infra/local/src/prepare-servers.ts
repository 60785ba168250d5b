import { findChromium } from './chromium-program.ts';
import { findKafka } from './kafka-program.ts';
import { findRedis } from './redis-program.ts';
import { findS3 } from './s3-program.ts';
import { type ServerName, ServerUnavailable } from './server-unavailable.ts';

/** For each server that has to be fetched: undefined when it is there, else why this machine cannot have it. */
export type PreparedServers = Readonly<Partial<Record<ServerName, string>>>;

/**
 * Fetches and installs what servers need, so that no test pays for it and none finds out half-way.
 *
 * @param say told what takes long.
 */
export async function prepareServers(say: (line: string) => void): Promise<PreparedServers> {
  const reasons: Partial<Record<ServerName, string>> = {};
  // One after the other: all may want apt, which works for one at a time.
  for (const find of [() => findRedis({ say }), () => findKafka(say), () => findS3(say), () => findChromium({ say })]) {
    try {
      await find();
    } catch (error) {
      if (!(error instanceof ServerUnavailable)) throw error;
      reasons[error.server] = error.message;
    }
  }
  return reasons;
}

/** Variable in which the test command tells test files what `prepareServers` found, as JSON. */
export const PREPARED_VARIABLE = 'THROUGHLINE_PREPARED_SERVERS';
