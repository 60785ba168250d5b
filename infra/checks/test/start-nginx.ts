import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LocalServer, startLocalServer } from '@throughline/local-servers/local-server';
import { rawCall } from '@throughline/testkit/raw-call';
import type { NginxProgram } from './find-nginx.ts';

/** Ports on loopback of the servers that stand in for each service. */
export interface Services {
  readonly gateway: readonly number[];
  readonly query: readonly number[];
}

export interface Nginx extends LocalServer {
  readonly port: number;
  readonly origin: string;
}

const SOURCES = fileURLToPath(new URL('../../nginx/', import.meta.url));
const START_MS_MAX = 30_000;
/** nginx's own answer to it comes from no service. */
const MALFORMED = '/%zz';

/** Starts nginx with the configuration of `infra/nginx`; only addresses and folders are those of the test. */
export async function startNginx(program: NginxProgram, services: Services): Promise<Nginx> {
  const { server, ports } = await startLocalServer('nginx', {}, [undefined], async (dir, [port]) => {
    mkdirSync(join(dir, 'tmp'), { recursive: true });
    const main = read('nginx.conf').replaceAll(/(?<=\s)\/tmp\//g, `${dir}/tmp/`);
    writeFileSync(join(dir, 'nginx.conf'), main);
    writeFileSync(join(dir, 'listen.conf'), replaceOnce(read('listen.conf'), /^listen 8585;/m, listenOn(port!)));
    writeFileSync(join(dir, 'services.conf'), servicesConf(services));
    return {
      command: program.command,
      // One process: nobody is left behind when it is killed.
      args: ['-c', join(dir, 'nginx.conf'), '-e', 'stderr', '-g', 'daemon off; master_process off;'],
      env: program.env,
      ready: async () => (await rawCall({ url: `http://127.0.0.1:${port}${MALFORMED}` })).status === 400,
      startTimeoutMs: START_MS_MAX,
    };
  });
  return Object.assign(server, { port: ports[0]!, origin: `http://127.0.0.1:${ports[0]}` });
}

function servicesConf({ gateway, query }: Services): string {
  const at = (ports: readonly number[]) => ports.map((port) => `server 127.0.0.1:${port} fail_timeout=5s;`).join('\n');
  // Names that are looked up again and again are for Docker, and for nginx 1.27.3 and later.
  let text = replaceOnce(read('services.conf'), /^resolver .*$/m, '');
  text = replaceOnce(text, /server gateway:8787 resolve fail_timeout=5s;/, at(gateway));
  return replaceOnce(text, /server query:8585 resolve fail_timeout=5s;/, at(query));
}

const listenOn = (port: number) => `listen 127.0.0.1:${port};`;

function read(name: string): string {
  return readFileSync(join(SOURCES, name), 'utf8');
}

function replaceOnce(text: string, pattern: RegExp, by: string): string {
  if (!pattern.test(text)) throw new Error(`the configuration of nginx has no ${pattern}`);
  return text.replace(pattern, by);
}
