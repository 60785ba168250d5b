import { ClickHouseError } from '@clickhouse/client';
import { expect, test } from '@jest/globals';
import { AnalyticsError } from '../analytics-store.ts';
import { isConnectionLost, translateHttpError } from './translate-http-error.ts';

const SERVER = { origin: 'http://clickhouse:8123', username: 'writer' };

const translated = (error: unknown) => {
  const { code, retryable, engineCode } = translateHttpError(error, SERVER);
  return { code, retryable, engineCode };
};

const fromServer = (code: number) => translated(new ClickHouseError({ code: String(code), type: 'X', message: 'm' }));

test.each([
  // SYNTAX_ERROR, UNKNOWN_TABLE, UNKNOWN_DATABASE, READONLY, and a number that nobody knows
  ['rejected', false, [62, 60, 81, 164, 4242]],
  ['timeout', false, [159]],
  // TOO_MANY_ROWS, MEMORY_LIMIT_EXCEEDED
  ['too-large', false, [158, 241]],
  // TOO_MANY_SIMULTANEOUS_QUERIES, TABLE_IS_READ_ONLY, TOO_MANY_PARTS, TOO_FEW_LIVE_REPLICAS,
  // UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE, UNKNOWN_STATUS_OF_INSERT, KEEPER_EXCEPTION
  ['unavailable', true, [202, 242, 252, 285, 286, 319, 999]],
  // A server that stops ends what runs: QUERY_WAS_CANCELLED, QUERY_WAS_CANCELLED_BY_CLIENT, ABORTED
  ['unavailable', true, [394, 735, 236]],
  // REQUIRED_PASSWORD, AUTHENTICATION_FAILED, ACCESS_DENIED
  ['unavailable', false, [194, 516, 497]],
])('errors of the server are %s (retryable: %p): %p', (code, retryable, numbers) => {
  for (const engineCode of numbers) expect(fromServer(engineCode)).toEqual({ code, retryable, engineCode });
});

test.each(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EPIPE', 'ETIMEDOUT', 'CERT_HAS_EXPIRED'])(
  '%s of the network may pass',
  (code) => {
    expect(translated(Object.assign(new Error('x'), { code }))).toEqual({ code: 'unavailable', retryable: true });
  },
);

test("a proxy's page may pass, and is shown by its start", () => {
  const page = `<html>502 Bad Gateway${'x'.repeat(100_000)}`;
  const error = translateHttpError(new Error(page), SERVER);
  expect(error).toMatchObject({ code: 'unavailable', retryable: true });
  expect(error.message).toMatch(/^ClickHouse at http:\/\/clickhouse:8123 cannot be reached: <html>502/);
  expect(error.message.length).toBeLessThan(2_000);
});

test('an error without words is named by its code', () => {
  const error = Object.assign(new AggregateError([new Error('a'), new Error('b')]), { code: 'ECONNREFUSED' });
  expect(translateHttpError(error, SERVER).message).toMatch(/ECONNREFUSED$/);
});

test('a refused user is named', () => {
  const error = new ClickHouseError({ code: '516', type: 'AUTHENTICATION_FAILED', message: 'wrong' });
  expect(translateHttpError(error, SERVER).message).toBe(
    'ClickHouse at http://clickhouse:8123 refuses the user writer: wrong',
  );
});

test('an error of ours stays what it is', () => {
  const error = new AnalyticsError('closed', 'x');
  expect(translateHttpError(error, SERVER)).toBe(error);
});

test('a lost connection is told from one that was never made', () => {
  expect(isConnectionLost(Object.assign(new Error(), { code: 'ECONNRESET' }))).toBe(true);
  expect(isConnectionLost(Object.assign(new Error(), { code: 'ECONNREFUSED' }))).toBe(false);
  expect(isConnectionLost(undefined)).toBe(false);
});
