import { setTimeout as sleep } from 'node:timers/promises';

interface Step {
  readonly path: string;
  readonly own: { readonly requests: number; readonly cost: number | null };
  readonly children: readonly Step[];
}

/** Reads the session back and prints its totals and its tree. Totals are there a quarter of a second after a call. */
export async function showSession(url: string, key: string | undefined, sessionId: string): Promise<void> {
  await sleep(500);
  const response = await fetch(`${url}/v1/session/${sessionId}`, {
    headers: key ? { Authorization: `Bearer ${key}` } : {},
  });
  if (!response.ok) {
    console.log(`Session ${sessionId}: reading it answered ${response.status}; is THROUGHLINE_API_KEY set?`);
    return;
  }
  const { data } = (await response.json()) as {
    data: { total_requests: number; total_tokens: number; total_cost: number; tree: readonly Step[] };
  };
  console.log(`Session ${sessionId}`);
  console.log(`${data.total_requests} requests, ${data.total_tokens} tokens, ${usd(data.total_cost)}`);
  for (const step of data.tree) print(step, 1);
}

function print({ path, own, children }: Step, depth: number): void {
  const what = own.requests > 0 ? `${usd(own.cost)}` : '';
  console.log(`${'  '.repeat(depth)}${path.split('/').at(-1)} ${what}`.trimEnd());
  for (const child of children) print(child, depth + 1);
}

function usd(cost: number | null): string {
  return cost === null ? 'cost unknown' : `${cost.toFixed(6)} USD`;
}
