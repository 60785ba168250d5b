import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { askedBody, listSearch, readAsked, readPattern, writeAsked } from './asked-sessions.ts';
import type { Filter } from './filter-param.ts';

const failing: Filter = { sessions_request_response_rmt: { session_error_count: { gt: 0 } } };

describe('sessions that a URL asks for', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            name: fc.string(),
            period: fc.constantFrom('24h', 'before-7d', '1~2'),
            filter: fc.constant(failing),
            pattern: fc.record({ position: fc.integer({ min: 1, max: 32 }), at: fc.record({ path: fc.string() }) }),
          },
          { requiredKeys: [] },
        ),
        (asked) => {
          expect(readAsked(writeAsked(asked))).toEqual(asked);
        },
      ),
    );
  });

  it('are none where it says nothing that can be read', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const asked = readAsked(text);
        expect(asked === undefined || Object.keys(asked).length === 0).toBe(true);
      }),
    );
    expect(readAsked('{"name":7,"period":null,"pattern":"x","more":1}')).toEqual({});
  });

  it('are asked for by time, name, filter and steps', () => {
    const pattern = { position: 2, next: 'end' } as const;
    expect(askedBody({ name: 'a', period: '5~9', filter: failing, pattern }, 0)).toEqual({
      search: '',
      timeFilter: { startTimeUnixMs: 5, endTimeUnixMs: 9 },
      nameEquals: 'a',
      filter: failing,
      pattern,
    });
  });

  it('are found in the session list by its own parameters', () => {
    expect(listSearch({ period: '7d' }, 0)).toEqual({ range: '7d' });
    const { filter, pattern } = listSearch({ name: 'a', filter: failing, pattern: { position: 1 } }, 0);
    expect(readPattern(pattern)).toEqual({ position: 1 });
    for (const text of [undefined, '', '{', '7', 'null', '{},"x":1']) expect(readPattern(text) ?? {}).toEqual({});
    expect(JSON.parse(filter!)).toEqual({
      left: { sessions_request_response_rmt: { session_session_name: { equals: 'a' } } },
      operator: 'and',
      right: failing,
    });
  });
});
