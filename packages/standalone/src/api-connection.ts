import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { SETTINGS } from './config.ts';
import { StartError } from './start-error.ts';
import { terminalLine } from './terminal-text.ts';
import { UsageError } from './usage-error.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Asks the API of an instance, wherever it runs. */
export interface ApiConnection {
  /** Origin, without a slash at its end. */
  readonly url: string;
  /**
   * @param path from `/v1/` on. @param init headers beside the key's are kept.
   * @returns an answer that succeeded; its body is the caller's to read, bit by bit where it streams.
   * @throws StartError with what the API said, or that nothing answers there.
   */
  ask(path: string, init?: RequestInit): Promise<Response>;
}

/** What each command over the API takes beside its own; for `readOptions`. */
export const CONNECTION_OPTIONS = { url: { type: 'string' }, key: { type: 'string' } } as const;

/**
 * A command's arguments: options by name, and what is no option.
 *
 * @throws UsageError for options that it does not have, or without their value.
 */
export function readOptions<T extends ParseArgsOptionsConfig>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/**
 * The API at `--url`, else on this machine at `PORT`, with the key of `--key`, else of `THROUGHLINE_API_KEY`.
 *
 * @throws UsageError without a key, or where the URL is none.
 */
export function connectToApi(options: { readonly url?: string; readonly key?: string }, env: Env): ApiConnection {
  const given = options.url ?? `http://127.0.0.1:${env.PORT || SETTINGS.PORT.default}`;
  const url = URL.parse(given);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`${JSON.stringify(given)} is no URL such as http://127.0.0.1:8585`);
  }
  const base = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  const key = options.key ?? env.THROUGHLINE_API_KEY ?? '';
  if (key === '') throw new UsageError('there is no key: set THROUGHLINE_API_KEY, or give --key');
  return {
    url: base,
    ask: async (path, init = {}) => {
      const headers = new Headers(init.headers);
      headers.set('authorization', `Bearer ${key}`);
      const answer = await fetch(`${base}${path}`, { ...init, headers }).catch((cause: Error) => {
        const { code, message = cause.message } = (cause.cause ?? {}) as NodeJS.ErrnoException;
        throw new StartError(`nothing answers at ${base} (${code ?? message})`, { cause });
      });
      if (!answer.ok) throw new StartError(await refusal(answer));
      return answer;
    },
  };
}

/** Sentences of refusals are short; whatever else answers there may say anything. */
const REFUSAL_CHARS_MAX = 1000;

async function refusal(answer: Response): Promise<string> {
  const text = await answer.text().catch(() => '');
  const said = sentenceOf(text) ?? text.trim();
  const shown = said === '' ? 'refused without a word' : terminalLine(said.slice(0, REFUSAL_CHARS_MAX));
  return `${shown} (status ${answer.status})`;
}

function sentenceOf(text: string): string | undefined {
  try {
    const { error, message } = JSON.parse(text) as { error?: unknown; message?: unknown };
    return [error, message].find((part) => typeof part === 'string');
  } catch {
    return undefined;
  }
}
