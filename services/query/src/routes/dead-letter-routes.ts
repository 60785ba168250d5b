import { deadLetterAnswer, deadLettersAnswer, replayAnswer } from '@throughline/contracts/api/system-answer';
import { ApiError } from '@throughline/contracts/errors';
import type { Request } from 'express';
import { recordAction } from '../audit/audit-log.ts';
import type { QueryDeps } from '../query-deps.ts';
import { timestamp } from '../render/timestamp.ts';
import type { Route } from '../route.ts';
import { printable } from '../system/printable.ts';
import type { LogPlace, SystemDeadLetter } from '../system/system-ports.ts';

/** Of a letter's bytes, as many are shown: enough to see what it is. */
const SHOWN_BYTES_MAX = 16 * 1024;

/** Events that could not be processed, of all tenants. */
export function deadLetterRoutes(deps: QueryDeps): Route[] {
  return [
    {
      method: 'get',
      path: '/v1/system/dead-letters',
      access: 'operate',
      doc: {
        summary: 'Events that could not be processed, the newest thousand, newest first',
        body: null,
        query: null,
        answer: deadLettersAnswer,
        errors: [],
      },
      handle: async () => ({ data: (await deps.system.deadLetters()).map(listed), from: 'snapshots' }),
    },
    {
      method: 'get',
      path: '/v1/system/dead-letters/:partition/:offset',
      access: 'operate',
      doc: {
        summary: 'An event that could not be processed: what can be read of it, and how it begins',
        body: null,
        query: null,
        answer: deadLetterAnswer,
        errors: ['unknown-dead-letter'],
      },
      handle: async ({ req }) => {
        const place = readPlace(req);
        const letter = await deps.system.deadLetter(place);
        if (!letter) throw unknownAt(place);
        const data = {
          ...listed(letter),
          event: letter.event,
          text: printable(letter.bytes, SHOWN_BYTES_MAX),
          is_whole: letter.bytes.length <= SHOWN_BYTES_MAX,
        };
        return { data, headers: { 'Cache-Control': 'no-store' }, from: 'snapshots' };
      },
    },
    {
      method: 'post',
      path: '/v1/system/dead-letters/:partition/:offset/replay',
      access: 'operate',
      doc: {
        summary: 'Try it again, as a new event',
        body: null,
        query: null,
        answer: replayAnswer,
        errors: ['unknown-dead-letter', 'replay-refused', 'annotation-refused'],
      },
      handle: async ({ key, req }) => {
        const place = readPlace(req);
        if (!(await deps.system.deadLetter(place))) throw unknownAt(place);
        await recordAction(deps.analytics, {
          actor: { tenantId: key.tenantId, keyId: key.id },
          atMs: deps.clock.now(),
          action: 'dead-letter.replay',
          tenantId: '',
          target: nameOf(place),
          details: {},
        });
        const result = await deps.system.replay(place);
        if (result.outcome === 'unknown') throw unknownAt(place);
        if (result.outcome === 'refused') throw new ApiError('replay-refused', { reason: result.reason });
        return { data: { partition: result.partition }, from: 'snapshots' };
      },
    },
  ];
}

function listed({ partition, offset, step, reason, seenAt, sizeBytes }: SystemDeadLetter) {
  return { partition, offset, step, reason, seen_at: timestamp(Date.parse(seenAt)), size_bytes: sizeBytes };
}

function readPlace({ params }: Request): LogPlace {
  const [partition, offset] = [String(params.partition), String(params.offset)];
  if (!/^\d{1,5}$/.test(partition) || !/^\d{1,15}$/.test(offset) || Number(partition) > PARTITION_MAX) {
    throw new ApiError('bad-request', { reason: 'a place in the log is two whole numbers, such as 3/1234' });
  }
  return { partition: Number(partition), offset: Number(offset) };
}

/** Of the column's type. */
const PARTITION_MAX = 65_535;

function nameOf({ partition, offset }: LogPlace): string {
  return `${partition}:${offset}`;
}

function unknownAt(place: LogPlace): ApiError {
  return new ApiError('unknown-dead-letter', { place: nameOf(place) });
}
