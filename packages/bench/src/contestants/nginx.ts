import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createServerProcess } from '@throughline/local-servers/server-process';
import { findFreePort } from '@throughline/testkit/process/free-port';
import { rawCall } from '@throughline/testkit/raw-call';
import { createTempDir } from '@throughline/testkit/temp-dir';
import type { Bench } from '../scenario.ts';

export interface RunningNginx {
  readonly pid: number;
  readonly origin: string;
  stop(): Promise<void>;
}

export interface NginxOptions extends NginxUse {
  readonly core: number;
}

/** What it is used for. */
export interface NginxUse {
  /** Path of the program. */
  readonly program: string;
  /** Directives beside those that both uses of it have. */
  readonly http: string;
  /** What it answers, as the content of a `location`. */
  readonly location: string;
}

/** Nginx on loopback with connections kept alive and no log, as one process, so that there is one id to end and to pin. */
export async function startNginx({ tools }: Bench, options: NginxOptions): Promise<RunningNginx> {
  const dir = await createTempDir('nginx');
  const port = await findFreePort();
  const nginx = await nginxCommand(options, port, dir.path);
  const command = tools.taskset ? [tools.taskset, '-c', String(options.core), ...nginx] : nginx;
  const origin = `http://127.0.0.1:${port}`;
  const server = createServerProcess({
    name: 'nginx',
    command: command[0]!,
    args: command.slice(1),
    cwd: dir.path,
    logFile: join(dir.path, 'output.log'),
    ready: () =>
      rawCall({ url: origin }).then(
        () => true,
        () => false,
      ),
    startTimeoutMs: START_MS_MAX,
  });
  const stop = async () => {
    await server.stop();
    await dir.remove();
  };
  try {
    await server.restart();
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid: server.pid!, origin, stop };
}

const START_MS_MAX = 20_000;

/** The command that runs it, once its configuration is written into `dir`. */
export async function nginxCommand(use: NginxUse, port: number, dir: string): Promise<[string, ...string[]]> {
  const config = join(dir, 'nginx.conf');
  await writeFile(config, configOf(port, dir, use));
  return [use.program, '-c', config, '-p', dir, '-e', join(dir, 'error.log')];
}

function configOf(port: number, dir: string, { http, location }: NginxUse): string {
  return `
daemon off;
master_process off;
pid ${dir}/nginx.pid;
events { worker_connections 2048; }
http {
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 600s;
  client_body_temp_path ${dir}/body;
  proxy_temp_path ${dir}/proxy;
  fastcgi_temp_path ${dir}/fastcgi;
  uwsgi_temp_path ${dir}/uwsgi;
  scgi_temp_path ${dir}/scgi;
  ${http}
  server {
    listen 127.0.0.1:${port};
    location / { ${location} }
  }
}
`;
}
