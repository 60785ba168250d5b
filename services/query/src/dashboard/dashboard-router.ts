import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { wantsPage } from '@throughline/http/service-routes';
import express, { type RequestHandler, type Router } from 'express';
import sirv from 'sirv';
import { STATE_PAGE, statePage } from './state-page.ts';

export interface DashboardDeps {
  /** Resolves to the folder that holds the built dashboard; rejects with why there is none. Asked for once. */
  readonly folder: Promise<string>;
}

/** Paths of its pages, and whatever lies below them. Everything else that is no file of it is not the dashboard's. */
const PAGES = /^\/(?:$|(?:login|sessions|compare|patterns|metrics|users|system|keys)(?:\/|$))/;

/**
 * The dashboard at `/`. Its pages ask the public API, with the key that a person gives them, and no other host; what they
 * show was written by models and by strangers, so nothing but the files from here runs or styles anything.
 */
export function createDashboardRouter({ folder }: DashboardDeps): Router {
  const router = express.Router();
  let state: { readonly files: RequestHandler; readonly page: string } | { readonly problem: string } | undefined;
  folder.then(
    async (dir) => {
      const page = await readFile(join(dir, 'index.html'), 'utf8');
      state = {
        files: sirv(dir, { gzip: true, brotli: true, immutable: true, maxAge: YEAR_SECONDS, etag: true }),
        page,
      };
    },
    (error: Error) => {
      state = { problem: error.message };
    },
  );
  router.get([/^\/assets\//, '/icon.svg'], (req, res, next) => {
    if (!state || 'problem' in state) return next();
    res.set(HEADERS);
    state.files(req, res, next);
  });
  // What browsers ask for beside pages that name no icon: answers of the API, and pages before there is one.
  router.get('/favicon.ico', (_req, res) => res.redirect('/icon.svg'));
  router.get(PAGES, (req, res, next) => {
    // What scrapers ask for has the same path as a page.
    if (req.path === '/metrics' && !wantsPage(req)) return next();
    res.set({ ...HEADERS, 'Cache-Control': 'no-cache', Vary: 'Accept' }).type('html');
    if (state && 'page' in state) res.send(state.page);
    else
      res
        .status(503)
        .set('Retry-After', '2')
        .send(statePage(state ? STATE_PAGE.failed(state.problem) : STATE_PAGE.building));
  });
  return router;
}

const YEAR_SECONDS = 31_536_000;

/** Images of conversations are data; those of other hosts are not loaded, because asking for one says who reads what. */
const HEADERS = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data: blob:",
    'media-src data: blob:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
} as const;
