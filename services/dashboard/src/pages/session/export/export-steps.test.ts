import { describe, expect, it } from '@jest/globals';
import { fakeColumns } from '../steps/fake-steps.ts';
import { stepsAsCsv, stepsAsJsonLines } from './export-steps.ts';

const steps = {
  count: 2,
  columns: fakeColumns([
    { path: '=cmd()', scores: { a: 1 } },
    { path: 'a,"b"\nc', cost: null },
  ]),
  next: undefined,
  isTruncated: false,
  byId: new Map(),
};

describe('export of a session', () => {
  it('has a row per request in CSV, and nothing that a spreadsheet would run', () => {
    const csv = stepsAsCsv(steps);
    expect(csv.split('\r\n')[0]).toMatch(/^position,request_id,path,/);
    expect(csv).toContain(",'=cmd(),");
    expect(csv).toContain(',"a,""b""\nc",');
    expect(csv).toContain('"{""a"":1}"');
  });

  it('has an object per line in JSON', () => {
    const lines = stepsAsJsonLines(steps)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { path: '=cmd()', scores: { a: 1 } },
      { path: 'a,"b"\nc', cost: null },
    ]);
  });
});
