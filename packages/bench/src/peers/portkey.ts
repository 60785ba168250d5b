import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '@throughline/local-servers/run-command';
import type { Peer, Release } from './peer.ts';

const VERSION = '1.15.2';
/** With the one that it asks for, every stream is answered 500 (`TypeError: immutable`). */
const HONO_NODE_SERVER = '1.3.3';

export const portkeyRelease: Release = {
  name: 'portkey',
  version: VERSION,
  needs: ['npm'],
  async install(folder) {
    const manifest = {
      private: true,
      dependencies: { '@portkey-ai/gateway': VERSION },
      overrides: { '@hono/node-server': HONO_NODE_SERVER },
    };
    await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
    await runCommand('npm', ['install', '--no-audit', '--no-fund', '--silent'], { cwd: folder });
  },
};

/** The open-source gateway, headless: provider and host are named by headers of each call. */
export const portkey: Peer = {
  name: 'portkey',
  title: 'Portkey gateway',
  release: portkeyRelease,
  chat: (upstream) => ({
    path: '/v1/chat/completions',
    headers: {
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `${upstream}/v1`,
      authorization: 'Bearer sk-bench',
    },
    model: 'gpt-4o-mini',
  }),
  command: async (folder, { port }) => ({
    command: process.execPath,
    args: [join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js'), `--port=${port}`, '--headless'],
    env: { NODE_ENV: 'production' },
    health: '/',
  }),
};
