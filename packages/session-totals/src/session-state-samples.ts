import type { SessionState } from './session-state.ts';
import type { Fence, PartitionState } from './session-totals.ts';

/** A live session for contract suites and tests: figures of `requests` requests, everything else as little as can be. */
export function sampleState(sessionId: string, requests: number, changes: Partial<SessionState> = {}): SessionState {
  const none = { values: [], overflowed: false };
  return {
    tenantId: 'tenant',
    sessionId,
    partition: 0,
    applied: requests,
    snapshotVersion: 0n,
    publishedCreatedAt: null,
    createdAt: 1_700_000_000_000,
    latestRequestAt: 1_700_000_000_000 + requests,
    latestResponseAt: 1_700_000_001_000 + requests,
    lastReceivedAt: 1_700_000_000_500 + requests,
    latestName: { name: 'sample', at: 1_700_000_000_000, eventId: '0190f0a0-0000-7000-8000-000000000000' },
    names: { values: ['sample'], overflowed: false },
    userIds: none,
    models: { values: ['model-a', 'model-b'], overflowed: false },
    providers: { values: ['OPENAI'], overflowed: false },
    statuses: new Map([[200, requests]]),
    statusesOverflowed: false,
    properties: new Map([['environment', { values: ['production'], overflowed: false }]]),
    propertiesOverflowed: false,
    requests,
    errors: 0,
    unpriced: 0,
    costPico: BigInt(requests) * 1_234_567_890n,
    promptTokens: BigInt(requests) * 1_000n,
    completionTokens: BigInt(requests) * 100n,
    reasoningTokens: 0n,
    promptCacheReadTokens: 0n,
    promptCacheWriteTokens: 0n,
    promptAudioTokens: 0n,
    completionAudioTokens: 0n,
    latencyMsSum: BigInt(requests) * 1_000n,
    latencyBuckets: new Map([[346, requests]]),
    paths: new Map([
      [
        '/plan',
        {
          requests,
          errors: 0,
          unpriced: 0,
          costPico: BigInt(requests) * 1_234_567_890n,
          promptTokens: BigInt(requests) * 1_000n,
          completionTokens: BigInt(requests) * 100n,
          latencyMsSum: BigInt(requests) * 1_000n,
          firstAt: 1_700_000_000_000,
          lastAt: 1_700_000_001_000 + requests,
        },
      ],
    ]),
    otherPaths: null,
    steps: [],
    chosenIds: new Map(),
    tag: null,
    feedback: null,
    scores: new Map(),
    bodiesDeleted: false,
    ...changes,
  };
}

export function sampleFence(offset: number, epoch = 1): Fence {
  return { logId: 'log', offset, epoch };
}

/** A partition's state at `offset`, otherwise empty. */
export function samplePartition(offset: number, changes: Partial<PartitionState> = {}): PartitionState {
  return {
    fence: sampleFence(offset),
    producers: new Map(),
    tenants: new Map(),
    checkpoints: [],
    recentExceptions: [],
    unpublished: [],
    committedAt: 1_700_000_000_000,
    ...changes,
  };
}
