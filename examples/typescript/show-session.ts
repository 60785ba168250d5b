import { setTimeout as sleep } from 'node:timers/promises';

interface Step {
  readonly path: string;
  readonly own: { readonly requests: number; readonly cost: number | null };
  readonly children: readonly Step[];
}

interface Session {
  readonly total_requests: number;
  readonly total_tokens: number;
  readonly total_cost: number;
  readonly tree: readonly Step[];
}

/** Totals hold a call a quarter of a second after it, within a second over servers; a busy machine takes longer. */
const WAIT_MS_MAX = 15_000;

/** Reads the session back, once it has so many calls, and prints its totals and its tree. */
export async function showSession(
  url: string,
  key: string | undefined,
  sessionId: string,
  calls: number,
): Promise<void> {
  const headers: Record<string, string> = key ? { Authorization: `Bearer ${key}` } : {};
  const deadline = Date.now() + WAIT_MS_MAX;
  let answer = await read(`${url}/v1/session/${sessionId}`, headers);
  while (Date.now() < deadline && isOnItsWay(answer, calls)) {
    await sleep(100);
    answer = await read(`${url}/v1/session/${sessionId}`, headers);
  }
  const { status, data } = answer;
  if (!data) {
    console.log(`Session ${sessionId}: reading it answered ${status}; is THROUGHLINE_API_KEY set?`);
    return;
  }
  console.log(`Session ${sessionId}`);
  console.log(`${data.total_requests} requests, ${data.total_tokens} tokens, ${usd(data.total_cost)}`);
  for (const step of data.tree) print(step, 1);
}

interface Answer {
  readonly status: number;
  readonly data: Session | null;
}

async function read(url: string, headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(url, { headers });
  const { data } = (await response.json()) as { data: Session | null };
  return { status: response.status, data };
}

function isOnItsWay({ status, data }: Answer, calls: number): boolean {
  return status === 404 || (data !== null && data.total_requests < calls);
}

function print({ path, own, children }: Step, depth: number): void {
  const what = own.requests > 0 ? `${usd(own.cost)}` : '';
  console.log(`${'  '.repeat(depth)}${path.split('/').at(-1)} ${what}`.trimEnd());
  for (const child of children) print(child, depth + 1);
}

function usd(cost: number | null): string {
  return cost === null ? 'cost unknown' : `${cost.toFixed(6)} USD`;
}
