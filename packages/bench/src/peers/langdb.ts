import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '@throughline/local-servers/run-command';
import type { Peer, Release } from './peer.ts';

const VERSION = '0.3.2';
/** Eleven minutes on two cores. */
const BUILD_MS_MAX = 40 * 60_000;

export const langdbRelease: Release = {
  name: 'langdb',
  version: VERSION,
  needs: ['cargo'],
  async install(folder) {
    const target = join(folder, 'target');
    const build = ['install', 'ai-gateway', '--version', VERSION, '--locked', '--root', folder, '--target-dir', target];
    // As its README asks.
    const env = { RUSTFLAGS: '--cfg tracing_unstable --cfg aws_sdk_unstable' };
    await runCommand('cargo', build, { env, timeoutMs: BUILD_MS_MAX });
  },
};

/** The Rust gateway from the registry of crates, without ClickHouse. */
export const langdb: Peer = {
  name: 'langdb',
  title: 'LangDB AI gateway',
  release: langdbRelease,
  chat: () => ({
    path: '/v1/chat/completions',
    headers: { authorization: 'Bearer sk-bench' },
    model: `${PROVIDER}/gpt-4o-mini`,
  }),
  async command(folder, { upstream, port, dataDir }) {
    const config = join(dataDir, 'config.yaml');
    await writeFile(config, configOf(port));
    await mkdir(join(dataDir, '.langdb'));
    await writeFile(join(dataDir, '.langdb', 'models.yaml'), modelsOf(upstream));
    return {
      command: join(folder, 'bin', 'ai-gateway'),
      args: ['--config', config, 'serve', '--host', '127.0.0.1', '--port', String(port)],
      env: { HOME: dataDir, RUST_LOG: 'error' },
      health: '/',
    };
  },
};

/** Of a provider that it knows it ignores the endpoint. */
const PROVIDER = 'bench';

function configOf(port: number): string {
  return `
providers:
  ${PROVIDER}:
    api_key: "sk-bench"
http:
  host: "127.0.0.1"
  port: ${port}
  cors_allowed_origins: ["*"]
`;
}

function modelsOf(upstream: string): string {
  return `
- model: gpt-4o-mini
  model_provider: openai
  inference_provider:
    provider: ${PROVIDER}
    model_name: gpt-4o-mini
    endpoint: ${upstream}/v1
  description: ""
  type: completions
  capabilities: [tools]
  input_formats: [text]
  output_formats: [text]
  limits:
    max_context_size: 128000
  price:
    type: completion
    per_input_token: 0.15
    per_output_token: 0.6
`;
}
