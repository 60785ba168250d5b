import { expect, test } from '@jest/globals';
import { describeWithServers, whyNot } from './describe-with-servers.ts';
import { PREPARED_VARIABLE } from './prepare-servers.ts';

const noKafka = { [PREPARED_VARIABLE]: JSON.stringify({ kafka: 'no Java here' }) };

test('only tests that need a missing server are left out, and say why', () => {
  expect(whyNot(['kafka', 'redis'], noKafka)).toBe('no Java here');
  expect(whyNot(['redis', 'clickhouse'], noKafka)).toBeUndefined();
  expect(whyNot(['kafka'], {})).toBeUndefined();
  expect(whyNot(['kafka'], { [PREPARED_VARIABLE]: '{}' })).toBeUndefined();
});

let ran = 0;
describeWithServers(['redis'], 'with what is there', () => test('runs', () => void ran++), noKafka);
describeWithServers(['kafka'], 'in CI', () => test('runs whatever is missing', () => void ran++), {
  ...noKafka,
  CI: 'true',
});

test('tests run where their servers are there, and always in CI', () => expect(ran).toBe(2));
