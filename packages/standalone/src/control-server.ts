import { chmodSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { Administration } from '@throughline/query/tenants/administration';
import { ADMINISTRATION } from './administration-client.ts';
import type { DeadLetterAnswers } from './dead-letter-answers.ts';

/** What local commands may ask of the running process. */
export interface ControlHandlers {
  audit(): Promise<unknown>;
  /** Lets the gateway reach one more origin on loopback until the process ends. */
  allowTarget(origin: string): Promise<void>;
  info(): { readonly url: string };
  /** A link that signs in once. */
  login(): Promise<{ readonly link: string }>;
  readonly deadLetters: DeadLetterAnswers;
  readonly administration: Administration;
}

/**
 * Serve local commands on a Unix socket that only the user who runs the process can open: that is the permission, no key
 * is asked for.
 */
export async function startControlServer(path: string, handlers: ControlHandlers): Promise<{ close(): Promise<void> }> {
  const server = http.createServer((req, res) => {
    void answer(req, handlers)
      .then((value) => res.writeHead(200).end(JSON.stringify(value ?? null)))
      .catch((error: Error) => res.writeHead(500).end(JSON.stringify({ error: error.message })));
  });
  // The lock on the folder is ours, so a socket that is still here was left by a process that was killed.
  rmSync(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(req: http.IncomingMessage, handlers: ControlHandlers): Promise<unknown> {
  const { pathname, searchParams } = new URL(req.url ?? '/', 'http://control');
  const place = { partition: Number(searchParams.get('partition')), offset: Number(searchParams.get('offset')) };
  switch (`${req.method} ${pathname}`) {
    case 'GET /audit':
      return handlers.audit();
    case 'GET /info':
      return handlers.info();
    case 'POST /login':
      return handlers.login();
    case 'POST /allow-target':
      return handlers.allowTarget(searchParams.get('origin') ?? '');
    case 'GET /dead-letters':
      return handlers.deadLetters.list();
    case 'GET /dead-letter':
      return handlers.deadLetters.show(place);
    case 'POST /dead-letter/replay':
      return handlers.deadLetters.replay(place);
  }
  const name = ADMINISTRATION.find((known) => `${req.method} ${pathname}` === `POST /administration/${known}`);
  if (!name) throw new Error(`no such command: ${req.method} ${pathname}`);
  const run = handlers.administration[name] as (argument: unknown) => Promise<unknown>;
  return run(JSON.parse(searchParams.get('argument') ?? '{}'));
}
