import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { KeyDirectory } from '@throughline/contracts/keys';
import express, { type RequestHandler, type Router } from 'express';
import { keyGuard } from '../auth/key-guard.ts';
import type { Route, SignedRoute } from '../route.ts';
import { DOCS_HTML, DOCS_START_JS } from './docs-page.ts';

export interface DocsDeps {
  /** What the document describes. */
  readonly routes: readonly (Route | SignedRoute)[];
  /** Of the product. */
  readonly version: string;
  readonly keys: KeyDirectory;
  /** Ask for a key, of any permission. */
  readonly isClosed: boolean;
}

/**
 * `GET /openapi.json`, and `GET /docs`, a page that shows it. Nothing of the page comes from another host, and it may ask
 * none: what runs there sees the keys that people try calls with.
 */
export function createDocsRouter({ routes, version, keys, isClosed }: DocsDeps): Router {
  const router = express.Router();
  const guard: RequestHandler = isClosed ? keyGuard(() => keys) : (_req, _res, next) => next();
  let document: Promise<string> | undefined;
  router.get('/openapi.json', guard, async (_req, res) => {
    document ??= compose(routes, version);
    res.type('json').send(await document);
  });
  router.get('/docs', guard, (_req, res) => {
    res.set(PAGE_HEADERS).type('html').send(DOCS_HTML);
  });
  router.get('/docs/start.js', guard, (_req, res) => {
    res.set(PAGE_HEADERS).type('js').send(DOCS_START_JS);
  });
  router.get(
    ASSETS.map((name) => `/docs/${name}`),
    guard,
    (req, res, next) => {
      const name = req.path.slice('/docs/'.length);
      res.set(PAGE_HEADERS);
      res.sendFile(name, { root: assetsDir(), cacheControl: false }, (error?: Error) => {
        // Whoever has gone needs no answer.
        if (error && !res.headersSent) next(error);
      });
    },
  );
  return router;
}

/** Loaded when it is first asked for: most processes never are. */
async function compose(routes: DocsDeps['routes'], version: string): Promise<string> {
  const { composeDocument } = await import('../openapi/compose-document.ts');
  return JSON.stringify(composeDocument(routes, version));
}

/** Of the package's files, those that the page names. */
const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

function assetsDir(): string {
  return dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
}

/** `no-cache`: kept, but asked about each time, so that a new version is one at once. */
const PAGE_HEADERS = {
  'Cache-Control': 'no-cache',
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
} as const;
