import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { guardChild } from '@throughline/testkit/process/child-guard';
import { findFreePort } from '@throughline/testkit/process/free-port';
import { rawCall } from '@throughline/testkit/raw-call';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { waitFor } from '@throughline/testkit/wait-for';
import type { Bench } from '../scenario.ts';
import { chatAnswer } from '../traffic/chat-calls.ts';
import { OTHERS_CORE, startNodeUpstream } from './contestants.ts';

export interface Upstream {
  readonly origin: string;
  stop(): Promise<void>;
}

/** A provider that answers every call with the same completion: nginx where it is installed, else Node http. */
export async function startUpstream(bench: Bench): Promise<Upstream> {
  return bench.tools.nginx ? startNginx(bench, bench.tools.nginx) : startNodeUpstream(bench);
}

async function startNginx(bench: Bench, nginx: string): Promise<Upstream> {
  const dir = await createTempDir('nginx');
  const port = await findFreePort();
  const config = join(dir.path, 'nginx.conf');
  await writeFile(config, nginxConfig(port, dir.path));
  const args = [nginx, '-c', config, '-p', dir.path, '-e', join(dir.path, 'error.log')];
  const command = bench.tools.taskset ? [bench.tools.taskset, '-c', String(OTHERS_CORE), ...args] : args;
  const child = spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'ignore', 'inherit'] });
  guardChild(child);
  const origin = `http://127.0.0.1:${port}`;
  await waitFor(async () => (await rawCall({ url: origin })).status === 200, { what: 'the start of nginx' });
  return {
    origin,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      await dir.remove();
    },
  };
}

/** One process, so that there is one id to end and to pin. */
function nginxConfig(port: number, dir: string): string {
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
  default_type application/json;
  server {
    listen 127.0.0.1:${port};
    location / { return 200 '${chatAnswer()}'; }
  }
}
`;
}
