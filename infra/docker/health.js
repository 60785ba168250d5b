/**
 * Health check of a service in its container, which has no curl: exit code 0 if it is well, else 1 and a line that says why.
 *
 *   node health.js           the process answers (`/healthz`)
 *   node health.js ready     its servers answer as well (`/readyz`)
 *   node health.js started   its start is over; for a gateway, which goes on while its servers are down
 *
 * In JavaScript without imports: it runs every few seconds.
 */

/** Without PORT: where `throughline gateway`, `aggregator` and `query` listen. One of them runs in a container. */
const DEFAULT_PORTS = [8787, 8686, 8585];

/** Less than the time-out of the checks in Dockerfile and docker-compose.yml, ms. */
const ANSWER_MS_MAX = 4_000;

const [, , want = 'alive'] = process.argv;
const ports = process.env.PORT ? [Number(process.env.PORT)] : DEFAULT_PORTS;
const reasons = [];
for (const port of ports) {
  const reason = await whyNot(port);
  if (reason === undefined) process.exit(0);
  reasons.push(`${port}: ${reason}`);
}
process.stderr.write(`${reasons.join('; ')}\n`);
process.exit(1);

async function whyNot(port) {
  try {
    const path = want === 'alive' ? '/healthz' : '/readyz';
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    if (answer.ok) return undefined;
    const { checks = [] } = await answer.json();
    const failed = checks.filter(({ name, ok }) => !ok && (want === 'ready' || name === 'start'));
    if (want === 'started' && failed.length === 0) return undefined;
    return failed.map(({ name, reason }) => `${name}: ${reason}`).join(', ') || `${path} says ${answer.status}`;
  } catch (error) {
    return error.cause?.code ?? error.message;
  }
}
