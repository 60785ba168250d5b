import { expect, test } from '@jest/globals';
import { chooseReplication } from './choose-replication.ts';

test.each([
  [1, { replicationFactor: 1, minInsyncReplicas: 1 }],
  [2, { replicationFactor: 2, minInsyncReplicas: 1 }],
  [3, { replicationFactor: 3, minInsyncReplicas: 2 }],
  [7, { replicationFactor: 3, minInsyncReplicas: 2 }],
])('a topic made on %d brokers', (brokers, expected) => {
  expect(chooseReplication({ configured: undefined, brokers, existing: undefined })).toEqual(expected);
});

test.each([
  ['was made when there were fewer brokers', 1, 3, { replicationFactor: 1, minInsyncReplicas: 1, couldHave: 3 }],
  ['was made on two', 2, 5, { replicationFactor: 2, minInsyncReplicas: 1, couldHave: 3 }],
  ['has what it can have', 3, 3, { replicationFactor: 3, minInsyncReplicas: 2 }],
  ['has more copies than there are brokers up', 3, 2, { replicationFactor: 3, minInsyncReplicas: 2 }],
  ['was made by somebody with more copies', 5, 6, { replicationFactor: 5, minInsyncReplicas: 4 }],
])('`auto` takes a topic as it is that %s', (_label, existing, brokers, expected) => {
  expect(chooseReplication({ configured: undefined, brokers, existing })).toEqual(expected);
});

test('a number is a demand, whatever there is', () => {
  expect(chooseReplication({ configured: 3, brokers: 1, existing: 1 })).toEqual({
    replicationFactor: 3,
    minInsyncReplicas: 2,
  });
  expect(chooseReplication({ configured: 1, brokers: 3, existing: 3 })).toEqual({
    replicationFactor: 1,
    minInsyncReplicas: 1,
  });
});
