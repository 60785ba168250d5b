import { describe, expect, it } from '@jest/globals';
import type { NewRequestEvent } from '@throughline/contracts/request-event';
import { createLogger } from '@throughline/telemetry/logger';
import type { ResponseHeaders } from '../proxy/response-headers.ts';
import { CallHeaders } from '../request/call-headers.ts';
import type { Behaviour, BehaviourCall, OwnAnswer } from './behaviour.ts';
import { CallBehaviours } from './call-behaviours.ts';

const logger = createLogger('test', { level: 'silent', pretty: false });
const open = (...behaviours: Behaviour[]) => new CallBehaviours(behaviours, logger);
const answer = (status: number): OwnAnswer => ({ status, headers: [], pieces: [] });

const call: BehaviourCall = {
  tenantId: 'acme',
  keyId: '',
  headers: new CallHeaders([]),
  method: 'POST',
  origin: 'https://api.openai.com',
  path: '/v1/chat/completions',
  provider: 'OPENAI',
  requestId: 'r',
  requestAt: 0,
  session: null,
  body: null,
};

const body = { bytes: Buffer.from('secret'), size: 6, truncated: false, content_type: 'text/plain', encoding: '' };
const event = { request_id: 'r', request_body: body, response_body: body } as unknown as NewRequestEvent;

describe('what a call asks for', () => {
  it('is asked in its order, until one has an answer', async () => {
    const asked: string[] = [];
    const behaviours = open(
      { before: () => void asked.push('first') },
      { answered: () => [] },
      {
        before: async () => {
          asked.push('second');
          return answer(429);
        },
      },
      {
        before: () => {
          asked.push('third');
          return answer(200);
        },
      },
    );
    expect(behaviours.areAskedFirst).toBe(true);
    expect(await behaviours.before(call)).toEqual(answer(429));
    expect(asked).toEqual(['first', 'second']);
  });

  it('needs no whole body where nothing is asked first, or nobody who is asked needs it', () => {
    expect(open({ answered: () => [] }, { recorded: (same) => same }).areAskedFirst).toBe(false);
    const optional = { before: () => undefined, isBodyOptional: true };
    expect([open(optional).areAskedFirst, open(optional).needBody]).toEqual([true, false]);
    expect(open(optional, { before: () => undefined }).needBody).toBe(true);
  });

  it('adds the headers of all of them', () => {
    const response = {} as ResponseHeaders;
    const behaviours = open({ answered: (status) => ['A', String(status)] }, {}, { answered: () => ['B', '2'] });
    expect(behaviours.answered(200, response)).toEqual(['A', '200', 'B', '2']);
  });

  it('changes the event one after the other', async () => {
    const behaviours = open(
      { recorded: (given) => ({ ...given, user_id: 'a' }) },
      { recorded: async (given) => ({ ...given, model_override: `${given.user_id}b` }) },
    );
    expect(await behaviours.recorded(event)).toEqual({ ...event, user_id: 'a', model_override: 'ab' });
  });

  it('leaves the bodies out of an event where one of them fails: it may have been asked to', async () => {
    const behaviours = open({
      recorded: () => {
        throw new Error('out of order');
      },
    });
    const recorded = await behaviours.recorded(event);
    for (const { bytes, size, truncated } of [recorded.request_body, recorded.response_body]) {
      expect([bytes.length, size, truncated]).toEqual([0, 6, true]);
    }
  });
});
