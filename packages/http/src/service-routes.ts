import express, { type Request, type RequestHandler, type Router } from 'express';

/** One thing a service needs in order to work, e.g. its event log. */
export interface ReadinessCheck {
  readonly name: string;
  /** Rejects or resolves to a sentence when it does not answer; undefined = ready. Should settle within seconds. */
  check(): Promise<string | undefined>;
}

export interface ServiceRoutesDeps {
  readonly version: string;
  readonly checks: readonly ReadinessCheck[];
  /** `metrics.registry` of `@throughline/telemetry/metrics`. */
  readonly registry: { readonly contentType: string; metrics(): Promise<string> };
  /** Guards `/metrics` where it is closed to callers without a key. Default: open. */
  readonly guard?: RequestHandler;
  /** Whether a browser that asks `/metrics` for a page is left to a later route, which has one. Default: no. */
  readonly hasMetricsPage?: boolean;
}

/** `GET /healthz` (the process answers), `GET /readyz` (what it needs answers), `GET /metrics` (Prometheus). */
export function serviceRoutes({ version, checks, registry, guard, hasMetricsPage = false }: ServiceRoutesDeps): Router {
  const router = express.Router();
  router.get('/healthz', (_req, res) => {
    res.json({ status: 'ok', version });
  });
  router.get('/readyz', async (_req, res) => {
    const results = await runChecks(checks);
    const ready = results.every(({ ok }) => ok);
    res.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not ready', version, checks: results });
  });
  if (hasMetricsPage) router.get('/metrics', (req, _res, next) => next(wantsPage(req) ? 'router' : undefined));
  router.get('/metrics', guard ?? ((_req, _res, next) => next()), async (_req, res) => {
    res.type(registry.contentType).send(await registry.metrics());
  });
  return router;
}

export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  /** Why not. */
  readonly reason?: string;
}

/** All of them at once; none rejects. */
export function runChecks(checks: readonly ReadinessCheck[]): Promise<CheckResult[]> {
  return Promise.all(checks.map(runCheck));
}

/** Whether whoever asks would rather have a page than text: browsers that go there, no scraper and no `curl`. */
export function wantsPage(req: Request): boolean {
  return req.accepts(['text/plain', 'text/html']) === 'text/html';
}

async function runCheck({ name, check }: ReadinessCheck): Promise<CheckResult> {
  try {
    const reason = await check();
    return reason === undefined ? { name, ok: true } : { name, ok: false, reason };
  } catch (error) {
    return { name, ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
