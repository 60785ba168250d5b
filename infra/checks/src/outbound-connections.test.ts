import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { CONNECTING, connectionsIn, unexpectedConnections } from '../../../tools/outbound-connections.ts';

const root = resolve(import.meta.dirname, '../../..');

test('nothing but what is listed connects to other hosts', () => {
  expect(unexpectedConnections(root)).toEqual([]);
});

test('what is listed is there', () => {
  expect(Object.keys(CONNECTING).filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

test.each([
  "import { request } from 'undici';",
  "import { errors, Pool } from 'undici';",
  "import undici from 'undici';",
  "import * as http from 'node:http';",
  "import http from 'http';",
  "import net, { isIP } from 'node:net';",
  "import { connect } from 'node:tls';",
  "export { lookup } from 'node:dns/promises';",
  "const { get } = await import('node:https');",
  'const answer = await fetch(url);',
  'return fetch(url);',
  'const socket = new WebSocket(url);',
  'new EventSource(url);',
  'const get = () => globalThis.fetch(url);',
])('%s is found', (source) => expect(connectionsIn(`// A source.\n${source}\n`)).toHaveLength(1));

test.each([
  "import type http from 'node:http';",
  "import type { Dispatcher } from 'undici';",
  "import { isIP } from 'node:net';",
  "import { errors, type Dispatcher } from 'undici';",
  "import { createServer, type ServerResponse } from 'node:http';",
  'const bytes = await store.fetch(name);',
  '  async fetch(name) {',
  "import { Pool } from './pool.ts';",
])('%s is no connection', (source) => expect(connectionsIn(`// A source.\n${source}\n`)).toEqual([]));
