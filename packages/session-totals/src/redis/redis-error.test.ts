import { describe, expect, test } from '@jest/globals';
import { ReplyError } from 'ioredis';
import { SessionTotalsError } from '../session-totals.ts';
import { isAccessDenied, translateRedisError } from './redis-error.ts';

const reply = (message: string): Error => new ReplyError(message);

describe('what Redis or ioredis says', () => {
  test.each([
    ["OOM command not allowed when used memory > 'maxmemory'.", 'full', true],
    ["READONLY You can't write against a read only replica.", 'unavailable', true],
    [
      "ERR Error running script (call to f_1): @user_script:3: -READONLY You can't write against a read only replica.",
      'unavailable',
      true,
    ],
    ['ERR Error running script (call to f_1): @user_script:3: -OOM command not allowed when used', 'full', true],
    ['LOADING Redis is loading the dataset in memory', 'unavailable', true],
    ['BUSY Redis is busy running a script.', 'unavailable', true],
    ['MISCONF Redis is configured to save RDB snapshots', 'unavailable', true],
    ['NOREPLICAS Not enough good replicas to write.', 'unavailable', true],
    ['CLUSTERDOWN Hash slot not served', 'unavailable', true],
    ['TRYAGAIN Multiple keys request during rehashing of slot', 'unavailable', true],
    ['MOVED 3999 127.0.0.1:6381', 'unavailable', true],
    ['NOPERM this user has no permissions to run the command', 'unavailable', true],
    ['WRONGTYPE Operation against a key holding the wrong kind of value', 'corrupt', false],
    ["ERR unknown command 'EVAL'", 'unavailable', false],
  ] as const)('"%s" is %s', (message, code, retryable) => {
    const error = translateRedisError(reply(message), 'commit');
    expect(error).toBeInstanceOf(SessionTotalsError);
    expect(error).toMatchObject({ code, retryable, message: `Redis could not commit: ${message}` });
  });

  test('of a transaction that was given up is the reason for it', () => {
    const aborted = Object.assign(reply('EXECABORT Transaction discarded because of previous errors.'), {
      previousErrors: [reply('OOM command not allowed')],
    });
    expect(translateRedisError(aborted, 'commit')).toMatchObject({ code: 'full', cause: aborted });
  });

  test.each([
    new Error('Connection is closed.'),
    new Error("Stream isn't writeable and enableOfflineQueue options is false"),
    Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
  ])('of a connection may pass: %s', (error) => {
    expect(translateRedisError(error, 'read')).toMatchObject({ code: 'unavailable', retryable: true, cause: error });
  });

  test('about access is told apart', () => {
    expect(isAccessDenied(reply('WRONGPASS invalid username-password pair or user is disabled.'))).toBe(true);
    expect(isAccessDenied(reply('NOAUTH Authentication required.'))).toBe(true);
    expect(isAccessDenied(reply('LOADING Redis is loading'))).toBe(false);
    expect(isAccessDenied(new Error('NOAUTH'))).toBe(false);
  });

  test('is not translated twice', () => {
    const error = new SessionTotalsError('corrupt', 'damaged');
    expect(translateRedisError(error, 'read')).toBe(error);
  });
});
