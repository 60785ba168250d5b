import { generateKey } from '@throughline/contracts/keys';
import { createTempDir, type TempDir } from '../temp-dir.ts';
import { defineService, type ServiceProcess } from './service-process.ts';

export interface ThroughlineOptions {
  /** Origin that stands for OpenAI and Anthropic: that of a fake provider. */
  readonly providerOrigin?: string;
  /** Further settings; they win over what is set here. Nothing else of this process's environment is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: a temporary folder, removed by `stop`. */
  readonly dataDir?: string;
  /** Default: a free one. It stays the same over restarts. */
  readonly port?: number;
  /** Default: a new key. Null: none is set, so that the process makes and prints one. */
  readonly key?: string | null;
  /** How long a start may take; the default is for a busy machine, not for a figure. */
  readonly readyTimeoutMs?: number;
  /** Default true. Else it is the caller who starts it, when and with what is to be. */
  readonly started?: boolean;
}

/** The real `throughline start` in a process of its own, on one data folder, through kills and restarts. */
export interface ThroughlineProcess extends ServiceProcess {
  /** `''` when none was set. */
  readonly key: string;
  readonly dataDir: string;
}

/** Starts the command from the sources, unless told not to, and waits until `/readyz` answers 200. `stop` removes a folder made here. */
export async function startThroughline(options: ThroughlineOptions = {}): Promise<ThroughlineProcess> {
  const ownDir: TempDir | undefined = options.dataDir === undefined ? await createTempDir('data') : undefined;
  const dataDir = options.dataDir ?? ownDir!.path;
  const key = options.key === null ? '' : (options.key ?? generateKey());
  const service = await defineService('start', {
    ...(options.port !== undefined && { port: options.port }),
    ...(options.readyTimeoutMs !== undefined && { readyTimeoutMs: options.readyTimeoutMs }),
    env: {
      THROUGHLINE_DATA_DIR: dataDir,
      ...(key && { THROUGHLINE_API_KEY: key }),
      ...(options.providerOrigin && {
        PROVIDER_OPENAI_URL: options.providerOrigin,
        PROVIDER_ANTHROPIC_URL: options.providerOrigin,
      }),
      ...options.env,
    },
  });
  const stop = async () => {
    const end = await service.stop();
    await ownDir?.remove();
    return end;
  };
  const throughline: ThroughlineProcess = Object.defineProperties({ key, dataDir } as ThroughlineProcess, {
    ...Object.getOwnPropertyDescriptors(service),
    stop: { value: stop, enumerable: true },
    [Symbol.asyncDispose]: { value: async () => void (await stop()) },
  });
  try {
    if (options.started !== false) await throughline.start();
    return throughline;
  } catch (error) {
    await stop();
    throw error;
  }
}
