import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * Where fetched servers are kept between runs: `THROUGHLINE_CACHE_DIR`, else `throughline` in the user's cache folder.
 * Whatever is in it can be deleted; it is fetched again.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.THROUGHLINE_CACHE_DIR) return resolve(env.THROUGHLINE_CACHE_DIR);
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'throughline');
}
