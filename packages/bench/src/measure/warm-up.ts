import { type LoadJob, runLoad } from '../load/load.ts';
import type { Bench } from '../scenario.ts';

/** Calls after which the compiler has done its work: the first 12,000 cost twice as much as those after 25,000. */
const CALLS = 30_000;
/** A machine that is too busy for that many calls is measured all the same, and shows it. */
const LOADS_MAX = 6;

/** Loads a server until its code is compiled, its connections are open and its heap has its size. */
export async function warmUp(bench: Bench, job: LoadJob): Promise<void> {
  let calls = 0;
  for (let load = 0; load < LOADS_MAX && calls < CALLS; load++) calls += (await runLoad(bench, job)).requests;
}
