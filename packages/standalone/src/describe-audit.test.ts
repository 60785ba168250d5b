import { expect, test } from '@jest/globals';
import { auditReport, type PartitionAudit } from '@throughline/session-aggregator/audit/audit-report';
import { auditExitCode, describeAudit } from './describe-audit.ts';

const partition: PartitionAudit = {
  partition: 0,
  logId: 'the-log',
  logged: 1391,
  applied: 1391,
  accepted: 1383,
  refused: 424,
  stored: { requests: 1382, annotations: 0, exceptions: { control: 8, refused: 1 } },
  totalled: 1382,
  losses: [],
  differences: [],
};

test('names calls as calls and records of refusals as records, so that the lines add up', () => {
  expect(describeAudit(auditReport([partition]))).toBe(
    `partition 0 of log the-log
  accepted  1382 calls, and 424 refused
  logged    1391 events (0 not applied yet)
  stored    1382 requests, 8 control, 1 record of refusals
  totalled  1382 requests
clean: accepted = logged = stored = totalled
`,
  );
});

test('does not name numbers of producers that are remembered as if they were of all', () => {
  const old = { ...partition, accepted: 1 };
  expect(describeAudit(auditReport([old]))).toContain(
    '  accepted  1 events of the producers heard of lately, and 424 refused\n',
  );
});

test.each<[string, Partial<PartitionAudit>, 0 | 1 | 3, string]>([
  ['all is applied', {}, 0, 'clean: accepted = logged = stored = totalled'],
  ['more was applied than was logged at first', { logged: 1380 }, 0, 'clean: accepted = logged = stored = totalled'],
  ['events are not applied yet', { logged: 1406 }, 3, 'clean so far: 15 events are logged and not applied yet'],
  ['one event is not applied yet', { logged: 1392 }, 3, 'clean so far: 1 event is logged and not applied yet'],
  [
    'something was lost',
    { losses: ['offsets 1 to 2'] },
    0,
    'clean: accepted = logged = stored = totalled, but for the losses named',
  ],
  ['something differs', { differences: ['one'] }, 1, 'NOT CLEAN'],
  ['something differs and events are not applied yet', { logged: 1406, differences: ['one'] }, 1, 'NOT CLEAN'],
])('the last line and the exit code say that %s', (_what, change, code, sentence) => {
  const report = auditReport([partition, { ...partition, ...change, partition: 1 }]);
  expect(describeAudit(report).trimEnd().split('\n').at(-1)).toBe(sentence);
  expect(auditExitCode(report)).toBe(code);
});
