import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '@throughline/local-servers/run-command';
import type { Peer, Release } from './peer.ts';
import { installPython, pythonOf } from './python.ts';

const VERSION = '2026.6.0';

export const tensorzeroRelease: Release = {
  name: 'tensorzero',
  version: VERSION,
  needs: ['python3', 'gcc'],
  async install(folder) {
    await installPython(folder, [`tensorzero==${VERSION}`]);
    await writeFile(join(folder, 'sockets.c'), SOCKETS);
    await writeFile(join(folder, 'serve.py'), SERVE);
    const library = ['-O2', '-shared', '-fPIC', '-o', 'sockets.so', 'sockets.c', '-ldl'];
    await runCommand('gcc', library, { cwd: folder });
  },
};

/**
 * The Rust gateway that its Python package carries, without observability: that needs a ClickHouse server, or tables in Postgres that
 * only its stand-alone program makes. It is started through a function of the package that is not public and takes no port,
 * so `bind` is given one; and its listener leaves Nagle's algorithm on, which costs each stream 40 ms, so that is switched off.
 */
export const tensorzero: Peer = {
  name: 'tensorzero',
  title: 'TensorZero gateway (TCP_NODELAY)',
  release: tensorzeroRelease,
  chat: () => ({
    path: '/openai/v1/chat/completions',
    headers: { authorization: 'Bearer sk-bench' },
    model: 'tensorzero::model_name::gpt-4o-mini',
  }),
  async command(folder, { upstream, port, dataDir }) {
    const config = join(dataDir, 'tensorzero.toml');
    await writeFile(config, configOf(upstream));
    return {
      command: pythonOf(folder),
      args: [join(folder, 'serve.py'), config],
      env: { LD_PRELOAD: join(folder, 'sockets.so'), BIND_PORT: String(port), RUST_LOG: 'error' },
      health: '/status',
    };
  },
};

function configOf(upstream: string): string {
  return `
[gateway]
observability.enabled = false

[models.gpt-4o-mini]
routing = ["upstream"]

[models.gpt-4o-mini.providers.upstream]
type = "openai"
model_name = "gpt-4o-mini"
api_base = "${upstream}/v1/"
api_key_location = "none"
`;
}

const SERVE = `
import signal, sys, threading
from tensorzero.tensorzero import _start_http_gateway

gateway = _start_http_gateway(
    config_file=sys.argv[1], clickhouse_url=None, postgres_url=None, valkey_url=None, async_setup=False
)
ended = threading.Event()
for name in (signal.SIGTERM, signal.SIGINT):
    signal.signal(name, lambda *_: ended.set())
ended.wait()
gateway.close()
`;

const SOCKETS = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>

static int is_taken;

/* The first stream socket on a port of the system's choice gets BIND_PORT. */
int bind(int fd, const struct sockaddr *address, socklen_t length) {
  int (*next)(int, const struct sockaddr *, socklen_t) = dlsym(RTLD_NEXT, "bind");
  const char *port = getenv("BIND_PORT");
  int type = 0;
  socklen_t size = sizeof type;
  getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size);
  if (port && !is_taken && type == SOCK_STREAM && address->sa_family == AF_INET) {
    struct sockaddr_in given = *(const struct sockaddr_in *)address;
    if (given.sin_port == 0) {
      given.sin_port = htons(atoi(port));
      is_taken = 1;
      return next(fd, (struct sockaddr *)&given, sizeof given);
    }
  }
  return next(fd, address, length);
}

int accept4(int fd, struct sockaddr *address, socklen_t *length, int flags) {
  int (*next)(int, struct sockaddr *, socklen_t *, int) = dlsym(RTLD_NEXT, "accept4");
  int accepted = next(fd, address, length, flags), on = 1;
  if (accepted >= 0) setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return accepted;
}
`;
