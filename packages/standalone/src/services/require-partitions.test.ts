import { describe, expect, test } from '@jest/globals';
import { createLogger } from '@throughline/telemetry/logger';
import { waitFor } from '@throughline/testkit/wait-for';
import { StartError } from '../start-error.ts';
import { requirePartitions } from './require-partitions.ts';

function rig() {
  const told: string[] = [];
  const logger = createLogger('test', { level: 'silent' });
  logger.error = (...args: unknown[]) => void told.push(String(args.at(-1)));
  const stopping = new AbortController();
  return { told, stopping, options: { logger, signal: stopping.signal, startWaitMs: 60_000, askAgainMs: 1 } };
}

describe('the number of partitions that a gateway was given', () => {
  test.each([
    ['is that of the topic', 16, 16],
    ['is for a topic that is still to be made', undefined, 8],
    ['is left to the topic', 4, undefined],
  ])('may be used when it %s', async (_when, existing, configured) => {
    await requirePartitions(async () => existing, configured, rig().options);
  });

  test('is refused when the topic has another, with what to do', async () => {
    const refused = requirePartitions(async () => 16, 8, rig().options);
    await expect(refused).rejects.toThrow(StartError);
    await expect(refused).rejects.toThrow(/16 partitions, KAFKA_PARTITIONS is 8, .* set KAFKA_PARTITIONS=16/);
  });

  test('does not hold up the start while Kafka is down; a difference is an error in the log once it is back', async () => {
    const { told, options } = rig();
    let asked = 0;
    const count = async () => {
      if (++asked < 4) throw new Error('down');
      return 16;
    };
    await requirePartitions(count, 8, options);
    expect(told).toEqual([]);
    await waitFor(() => told.length > 0);
    expect(told).toEqual([expect.stringContaining('set KAFKA_PARTITIONS=16')]);
    expect(asked).toBe(4);
  });

  test('does not hold up the start while Kafka is silent', async () => {
    const { told, options } = rig();
    const answer = Promise.withResolvers<number>();
    await requirePartitions(() => answer.promise, 8, { ...options, startWaitMs: 1 });
    answer.resolve(16);
    await waitFor(() => told.length > 0);
  });

  test('is not asked for any more once the gateway stops', async () => {
    const { stopping, options } = rig();
    let asked = 0;
    const count = async () => {
      if (++asked === 3) stopping.abort();
      throw new Error('down');
    };
    await requirePartitions(count, 8, options);
    await waitFor(() => asked === 3);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(asked).toBe(3);
  });
});
