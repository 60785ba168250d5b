import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Peer, PeerStart, Release, ServerCommand } from './peer.ts';
import { installPython, pythonOf, pythonScript } from './python.ts';

const VERSION = '1.106.2';
/** It refuses to start without one, and with one that is easy to guess. */
const MASTER_KEY = 'sk-5f2c9e0b7a1d4836c0e9b2a7f4d18356ab90cd34ef56127890aabbccddeeff01';

const ADDRESS = ['--num_workers', '1', '--host', '127.0.0.1'];

/** What its callback for Phoenix needs. */
const EXPORTER = [
  'opentelemetry-sdk',
  'opentelemetry-exporter-otlp-proto-http',
  'opentelemetry-exporter-otlp-proto-grpc',
];

export const litellmRelease: Release = {
  name: 'litellm',
  version: VERSION,
  needs: ['python3'],
  install: (folder) => installPython(folder, [`litellm[proxy]==${VERSION}`, ...EXPORTER]),
};

/** The proxy with one worker and without a database, in its production mode. */
export const litellm: Peer = {
  name: 'litellm',
  title: 'LiteLLM proxy',
  release: litellmRelease,
  chat: () => ({
    path: '/v1/chat/completions',
    headers: { authorization: `Bearer ${MASTER_KEY}` },
    model: 'gpt-4o-mini',
  }),
  command: (folder, start) => litellmCommand(folder, start),
};

/** The same, with its callback that tells a Phoenix of every call. @param phoenix its origin. */
export function tracedLitellm(phoenix: string): Peer {
  return { ...litellm, command: (folder, start) => litellmCommand(folder, start, phoenix) };
}

async function litellmCommand(
  folder: string,
  { upstream, port, dataDir }: PeerStart,
  phoenix?: string,
): Promise<ServerCommand> {
  const config = join(dataDir, 'litellm.yaml');
  await writeFile(config, configOf(upstream, phoenix !== undefined));
  return {
    command: pythonOf(folder),
    args: [pythonScript(folder, 'litellm'), '--config', config, ...ADDRESS, '--port', String(port)],
    env: {
      LITELLM_MASTER_KEY: MASTER_KEY,
      // The price list that it brings, in place of the newest one.
      LITELLM_LOCAL_MODEL_COST_MAP: 'True',
      LITELLM_MODE: 'PRODUCTION',
      LITELLM_LOG: 'ERROR',
      ...(phoenix !== undefined && {
        PHOENIX_COLLECTOR_HTTP_ENDPOINT: `${phoenix}/v1/traces`,
        PHOENIX_PROJECT_NAME: 'litellm',
      }),
    },
    health: '/health/liveliness',
  };
}

function configOf(upstream: string, isTraced: boolean): string {
  return `
model_list:
  - model_name: gpt-4o-mini
    litellm_params:
      model: openai/gpt-4o-mini
      api_base: ${upstream}/v1
      api_key: sk-bench
litellm_settings:
  telemetry: false
  num_retries: 0
  request_timeout: 60
  drop_params: true
${isTraced ? '  callbacks: ["arize_phoenix"]\n' : ''}general_settings:
  disable_spend_logs: true
`;
}
