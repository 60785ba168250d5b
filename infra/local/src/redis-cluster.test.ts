import { expect, test } from '@jest/globals';
import { redisConf } from './redis.ts';
import { parseClusterNodes } from './redis-cluster.ts';

test('reads masters, replicas, slots and slots on the move from the table of a cluster', () => {
  const table = `07c3 127.0.0.1:30004@31004,host slave e7d1 0 1426238317239 4 connected
67ed 127.0.0.1:30002@31002 master - 0 1426238316232 2 connected 5461-10922 [93-<-292f]
e7d1 127.0.0.1:30001@31001 myself,master - 0 0 1 connected 0-5460 10930
292f :30003@31003 master,fail - 1426238316232 1426238318243 3 disconnected
`;
  expect(parseClusterNodes(table)).toEqual([
    { id: '07c3', port: 30004, masterId: 'e7d1', slots: [] },
    { id: '67ed', port: 30002, masterId: undefined, slots: [[5461, 10922]] },
    {
      id: 'e7d1',
      port: 30001,
      masterId: undefined,
      slots: [
        [0, 5460],
        [10930, 10930],
      ],
    },
    { id: '292f', port: 30003, masterId: undefined, slots: [] },
  ]);
});

test('an empty setting is written as an empty text, several words as several', () => {
  expect(redisConf({ save: '', replicaof: '127.0.0.1 6379' })).toBe('save ""\nreplicaof 127.0.0.1 6379\n');
});
