import { expect, test } from '@jest/globals';
import { newPackages } from './debian-packages.ts';

test('takes what the system lacks from a plan, and leaves upgrades alone', () => {
  const plan = `Reading package lists...
The following NEW packages will be installed:
  libjemalloc2 redis-tools
Inst libssl3 [3.0.19-1] (3.0.20-1 Debian-Security:12/stable-security [amd64])
Inst libjemalloc2 (5.3.0-1 Debian:12.12/oldstable [amd64])
Inst redis-tools (5:7.0.15-1 Debian-Security:12/oldstable-security [amd64])
Conf libjemalloc2 (5.3.0-1 Debian:12.12/oldstable [amd64])
`;
  expect(newPackages(plan)).toEqual(['libjemalloc2', 'redis-tools']);
});
