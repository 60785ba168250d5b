import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createServerProcess } from '@throughline/local-servers/server-process';
import { findFreePort } from '@throughline/testkit/process/free-port';
import { rawCall } from '@throughline/testkit/raw-call';
import { createTempDir } from '@throughline/testkit/temp-dir';
import type { Bench } from '../scenario.ts';

/** Nginx as a reverse proxy with connections kept alive on both sides, one worker, as its manual says for streams. */
export async function startNginxProxy(bench: Bench, nginx: string, upstream: string, core: number) {
  const dir = await createTempDir('nginx-proxy');
  const port = await findFreePort();
  const config = join(dir.path, 'nginx.conf');
  await writeFile(config, configOf(port, dir.path, new URL(upstream).host));
  const args = [nginx, '-c', config, '-p', dir.path, '-e', join(dir.path, 'error.log')];
  const command = bench.tools.taskset ? [bench.tools.taskset, '-c', String(core), ...args] : args;
  const origin = `http://127.0.0.1:${port}`;
  const server = createServerProcess({
    name: 'nginx',
    command: command[0]!,
    args: command.slice(1),
    cwd: dir.path,
    logFile: join(dir.path, 'output.log'),
    ready: () =>
      rawCall({ url: `${origin}/ready` }).then(
        () => true,
        () => false,
      ),
    startTimeoutMs: 20_000,
  });
  await server.restart();
  return {
    pid: server.pid!,
    origin,
    async stop() {
      await server.stop();
      await dir.remove();
    },
  };
}

function configOf(port: number, dir: string, upstream: string): string {
  return `
daemon off;
master_process off;
pid ${dir}/nginx.pid;
events { worker_connections 2048; }
http {
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 600s;
  client_body_buffer_size 1m;
  client_body_temp_path ${dir}/body;
  proxy_temp_path ${dir}/proxy;
  fastcgi_temp_path ${dir}/fastcgi;
  uwsgi_temp_path ${dir}/uwsgi;
  scgi_temp_path ${dir}/scgi;
  upstream provider {
    server ${upstream};
    keepalive 256;
    keepalive_requests 1000000000;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://provider;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }
  }
}
`;
}
