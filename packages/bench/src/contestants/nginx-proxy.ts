import type { Bench } from '../scenario.ts';
import { type RunningNginx, startNginx } from './nginx.ts';

/** Nginx as a reverse proxy with connections kept alive on both sides, as its manual says for streams. */
export function startNginxProxy(bench: Bench, program: string, upstream: string, core: number): Promise<RunningNginx> {
  return startNginx(bench, {
    program,
    core,
    http: `
  client_body_buffer_size 1m;
  upstream provider {
    server ${new URL(upstream).host};
    keepalive 256;
    keepalive_requests 1000000000;
  }`,
    location: `
      proxy_pass http://provider;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;`,
  });
}
