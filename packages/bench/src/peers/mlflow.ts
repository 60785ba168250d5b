import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Peer, Release } from './peer.ts';
import { postJson } from './post-json.ts';
import { installPython, pythonOf, pythonScript } from './python.ts';

const VERSION = '3.17.2';

const QUIET = { MLFLOW_DISABLE_TELEMETRY: 'true', DO_NOT_TRACK: 'true', GIT_PYTHON_REFRESH: 'quiet' };

export const mlflowRelease: Release = {
  name: 'mlflow',
  version: VERSION,
  needs: ['python3'],
  install: (folder) => installPython(folder, [`mlflow[genai]==${VERSION}`]),
};

/** Its stand-alone gateway with a configuration file, one worker. */
export const mlflowGateway: Peer = {
  name: 'mlflow-gateway',
  title: 'MLflow AI gateway',
  release: mlflowRelease,
  chat: () => ({ path: '/v1/chat/completions', headers: {}, model: 'chat' }),
  async command(folder, { upstream, port, dataDir }) {
    const config = join(dataDir, 'gateway.yaml');
    await writeFile(config, gatewayConfig(upstream));
    const options = ['--config-path', config, '--host', '127.0.0.1', '--port', String(port), '--workers', '1'];
    return {
      command: pythonOf(folder),
      args: [pythonScript(folder, 'mlflow'), 'gateway', 'start', ...options],
      env: QUIET,
      health: '/health',
    };
  },
};

/** Its tracking server over SQLite, one worker, with an endpoint of its gateway that keeps each call as a trace. */
export const mlflowServer: Peer = {
  name: 'mlflow-server',
  title: 'MLflow server with usage tracking, SQLite',
  release: mlflowRelease,
  chat: () => ({ path: '/gateway/mlflow/v1/chat/completions', headers: {}, model: 'chat' }),
  async command(folder, { upstream, port, dataDir }) {
    const artifacts = join(dataDir, 'artifacts');
    await mkdir(artifacts);
    const stores = ['--backend-store-uri', `sqlite:///${dataDir}/mlflow.db`, '--default-artifact-root', artifacts];
    const options = [...stores, '--host', '127.0.0.1', '--port', String(port), '--workers', '1'];
    return {
      command: pythonOf(folder),
      args: [pythonScript(folder, 'mlflow'), 'server', ...options],
      env: {
        ...QUIET,
        MLFLOW_GATEWAY_API_BASE_ALLOWED_SCHEMES: 'https,http',
        MLFLOW_GATEWAY_API_BASE_ALLOW_PRIVATE_IPS: 'true',
      },
      health: '/health',
      prepare: (origin) => makeEndpoint(origin, upstream),
    };
  },
};

function gatewayConfig(upstream: string): string {
  return `
endpoints:
  - name: chat
    endpoint_type: llm/v1/chat
    model:
      provider: openai
      name: gpt-4o-mini
      config:
        openai_api_key: sk-bench
        openai_api_base: ${upstream}/v1
`;
}

async function makeEndpoint(origin: string, upstream: string): Promise<void> {
  const api = `${origin}/api/3.0/mlflow/gateway`;
  const { secret } = await postJson<{ secret: { secret_id: string } }>(`${api}/secrets/create`, {
    secret_name: 'bench',
    secret_value: { api_key: 'sk-bench' },
    provider: 'openai',
    auth_config: { api_base: `${upstream}/v1` },
  });
  const { model_definition: model } = await postJson<{ model_definition: { model_definition_id: string } }>(
    `${api}/model-definitions/create`,
    { name: 'bench', secret_id: secret.secret_id, provider: 'openai', model_name: 'gpt-4o-mini' },
  );
  await postJson(`${api}/endpoints/create`, {
    name: 'chat',
    usage_tracking: true,
    model_configs: [{ model_definition_id: model.model_definition_id, linkage_type: 'PRIMARY', weight: 1 }],
  });
}

/** Rows of a table of its server. @param dataDir that it was started with. */
export function countMlflowRows(dataDir: string, table: 'trace_info' | 'spans'): number {
  const database = new DatabaseSync(join(dataDir, 'mlflow.db'), { readOnly: true, timeout: BUSY_MS_MAX });
  const { rows } = database.prepare(`SELECT count(*) AS rows FROM ${table}`).get() as { rows: number };
  database.close();
  return rows;
}

const BUSY_MS_MAX = 10_000;
