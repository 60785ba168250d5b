import type { Bench } from '../scenario.ts';
import { chatAnswer } from '../traffic/chat-calls.ts';
import { OTHERS_CORE, startNodeUpstream } from './contestants.ts';
import { startNginx } from './nginx.ts';

export interface Upstream {
  readonly origin: string;
  stop(): Promise<void>;
}

/** A provider that answers every call with the same completion: nginx where it is installed, else Node http. */
export async function startUpstream(bench: Bench): Promise<Upstream> {
  const { nginx: program } = bench.tools;
  if (!program) return startNodeUpstream(bench);
  return startNginx(bench, {
    program,
    core: OTHERS_CORE,
    http: 'default_type application/json;',
    location: `return 200 '${chatAnswer()}';`,
  });
}
