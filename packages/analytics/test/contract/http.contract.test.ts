import { describe } from '@jest/globals';
import { analyticsContract } from '../../src/contract.ts';
import { httpUnderTest } from './http-under-test.ts';

describe.each([false, true])('compressed: %p', (compress) => {
  analyticsContract('ClickHouse over HTTP', () => httpUnderTest({ compress }));
});
