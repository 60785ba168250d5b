import type { NginxUse } from './nginx.ts';

/** Nginx as a reverse proxy with connections kept alive on both sides, as its manual says for streams. */
export function nginxProxy(program: string, upstream: string): NginxUse {
  return {
    program,
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
  };
}
