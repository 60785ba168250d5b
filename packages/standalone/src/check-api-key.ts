import { ConfigError } from './config-error.ts';

/** @throws ConfigError when `THROUGHLINE_API_KEY` is no key. */
export function checkApiKey(given: string): void {
  if (given.length < 16 || /\s/.test(given)) {
    throw new ConfigError('THROUGHLINE_API_KEY must have at least 16 characters and no spaces.');
  }
}
