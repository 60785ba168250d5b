import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { askedOfGroup, type GroupSpec, groupWords, OUTCOMES, readGroup, readGroups, writeGroup } from './group-spec.ts';

const anyGroup = fc.record(
  {
    name: fc.string(),
    period: fc.constantFrom('24h', 'before-7d', '1~2'),
    properties: fc.array(fc.tuple(fc.string(), fc.string())),
    outcome: fc.constantFrom(...OUTCOMES.map(([outcome]) => outcome)),
    filter: fc.constantFrom('all', { request_response_rmt: { status: { equals: 500 } } }),
  },
  { requiredKeys: ['properties', 'outcome', 'filter'] },
) as fc.Arbitrary<GroupSpec>;

const plain: GroupSpec = { properties: [], outcome: 'any', filter: 'all' };

describe('a group of a URL', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(anyGroup, (group) => {
        expect(readGroup(writeGroup(group))).toEqual(group);
      }),
    );
  });

  it('is none where it says nothing that can be read', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect([undefined, JSON.stringify(plain)]).toContain(JSON.stringify(readGroup(text)));
      }),
    );
    expect(readGroup('{"name":7,"properties":[["a"],["a",1],["a","b"]],"outcome":"x","filter":[]}')).toEqual({
      ...plain,
      properties: [['a', 'b']],
    });
  });

  it('asks for its name, time, properties, outcome and filter', () => {
    const group: GroupSpec = {
      name: 'n',
      period: '7d',
      properties: [
        ['__proto__', 'x'],
        ['not chosen yet', ''],
      ],
      outcome: 'failing',
      filter: { request_response_rmt: { status: { equals: 500 } } },
    };
    const asked = askedOfGroup(group);
    expect(asked).toMatchObject({ name: 'n', period: '7d' });
    expect(JSON.stringify(asked.filter)).toBe(
      '{"left":{"left":{"request_response_rmt":{"properties":{"__proto__":{"equals":"x"}}}},"operator":"and",' +
        '"right":{"sessions_request_response_rmt":{"session_error_count":{"gt":0}}}},"operator":"and",' +
        '"right":{"request_response_rmt":{"status":{"equals":500}}}}',
    );
    expect(groupWords(group)).toBe('n, __proto__ x, with errors, Status is 500, last 7 days');
  });
});

describe('the two groups of a URL', () => {
  it('are the last week and the week before, without any', () => {
    expect(readGroups({})).toEqual({ a: { ...plain, period: '7d' }, b: { ...plain, period: 'before-7d' } });
    expect(readGroups({ range: '24h' })).toMatchObject({ a: { period: '24h' }, b: { period: 'before-24h' } });
    expect(readGroups({ a: '{"name":"n","period":"30d"}' }).b).toEqual({ ...plain, name: 'n', period: 'before-30d' });
    expect(readGroups({ a: '{}', b: '{}', range: '6h' })).toMatchObject({ a: { period: '6h' }, b: { period: '6h' } });
  });
});
