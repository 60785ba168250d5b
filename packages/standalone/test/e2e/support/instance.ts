import { jest } from '@jest/globals';

export * from './start-instance.ts';

// A test that waits for something says itself what did not come; Jest's five seconds would cut that short.
jest.setTimeout(90_000);
