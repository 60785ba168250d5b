import { createTempDir } from '@throughline/testkit/temp-dir';
import { startNode } from '../processes/node-process.ts';
import type { Bench } from '../scenario.ts';

/** Either `events`, as fast as Kafka takes them, or `perSecond` for `seconds` (left out: until it is stopped). */
export interface OfferJob {
  readonly events?: number;
  readonly perSecond?: number;
  readonly seconds?: number;
  readonly callsPerSession: number;
}

/** A process that puts finished calls into a topic, as a gateway does. */
export interface EventSource {
  readonly pid: number;
  /** @returns how many events it was, once Kafka has all of them. */
  offer(job: OfferJob): Promise<number>;
  /** Leaves its goodbye in every partition. */
  stop(): Promise<void>;
}

export async function startEventSource(bench: Bench, target: { broker: string; topic: string }): Promise<EventSource> {
  const dir = await createTempDir('bench-outbox');
  const args = ['--broker', target.broker, '--topic', target.topic, '--dir', dir.path];
  const child = startNode(bench, 'contestants/event-source-process.ts', { args });
  const stop = async () => {
    await child.stop();
    await dir.remove();
  };
  try {
    await child.next<{ partitions: number }>();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    pid: child.pid,
    async offer(job) {
      child.send(job);
      return (await child.next<{ sent: number }>()).sent;
    },
    stop,
  };
}
