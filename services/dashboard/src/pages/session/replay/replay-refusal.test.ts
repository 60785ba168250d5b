import { describe, expect, test } from '@jest/globals';
import { ReplayRefusal } from './replay-refusal.ts';

const said = (sentence: string) => [...new ReplayRefusal(400, { data: null, error: sentence }).fields];
const INVALID = 'The replay cannot be done as it is asked for: ';

describe('a refusal', () => {
  test.each([
    ['There is a session of the id "b" already: a replay makes a new one', 'sessionId'],
    [`${INVALID}sessionId has between 1 and 1000 characters`, 'sessionId'],
    [`${INVALID}fromStep is the id of no request of the session`, 'fromStep'],
    [`${INVALID}none of the 3 steps of the session is one that it asks for`, 'paths'],
    [`${INVALID}no provider of the name "nobody" can be called`, 'target'],
    ['Helicone-Target-URL is not an absolute http(s) URL: "x"', 'target'],
    ['10.1.2.3 is not a public address; ALLOWED_TARGETS=10.1.2.3 would allow it', 'target'],
    [`${INVALID}a provider key is empty, or has characters that no key has`, 'keys'],
  ])('%j is said at the field that it is about', (sentence, field) => {
    expect(said(sentence)).toEqual([[field, sentence.replace(INVALID, '')]]);
  });

  test('is of no field where it is about all of it, or says nothing that is known', () => {
    expect(said('There are 4 replays of this tenant under way, as many as there may be: one has to end first')).toEqual(
      [],
    );
    for (const body of [null, undefined, 'text', 7, {}, { details: {} }]) {
      expect([...new ReplayRefusal(500, body).fields]).toEqual([]);
    }
  });

  test('of a body of the wrong shape is said at each of its fields', () => {
    const refusal = new ReplayRefusal(422, {
      message: 'Validation Failed',
      details: {
        'requestBody.times': { message: 'Too big' },
        'requestBody.overrides.replace.3.find': { message: 'Odd' },
        'requestBody.timesNot': { message: 'Unknown' },
      },
    });
    expect([...refusal.fields]).toEqual([
      ['times', 'Too big'],
      ['prompt', 'Odd'],
    ]);
  });

  test('has the steps that stand in the way', () => {
    const steps = [{ request_id: 'r', path: '/a', reason: 'its request body was deleted' }];
    expect(new ReplayRefusal(409, { data: null, error: 'No', steps }).steps).toEqual(steps);
    expect(new ReplayRefusal(409, { data: null, error: 'No' }).steps).toEqual([]);
  });
});
