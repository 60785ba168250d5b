import { describe, expect, test } from '@jest/globals';
import kafkajs from 'kafkajs';
import { EventLogError } from '../event-log.ts';
import { isOfType, toEventLogError } from './kafka-errors.ts';

const protocolError = (type: string) =>
  new kafkajs.KafkaJSProtocolError(Object.assign(new Error(`it said ${type}`), { type, retriable: false }));

describe("kafkajs's errors", () => {
  test('are retryable even where kafkajs does not retry them, and say what was being done', () => {
    const refused = new kafkajs.KafkaJSConnectionError('Connection error: connect ECONNREFUSED');
    const exceeded = new kafkajs.KafkaJSNumberOfRetriesExceeded(refused, { retryCount: 5, retryTime: 1 });
    expect(toEventLogError('cannot read', exceeded)).toMatchObject({
      code: 'failed',
      retryable: true,
      message: expect.stringContaining('cannot read: Connection error'),
      cause: exceeded,
    });
    expect(toEventLogError('x', protocolError('NOT_COORDINATOR_FOR_GROUP'))).toMatchObject({ retryable: true });
  });

  test('are not retryable when the broker refuses who we are, however deep that lies', () => {
    const inner = protocolError('TOPIC_AUTHORIZATION_FAILED');
    const error = new kafkajs.KafkaJSAggregateError('several', [new Error('other'), inner]);
    const outer = new Error('outer', { cause: error });
    expect(isOfType(outer, 'TOPIC_AUTHORIZATION_FAILED')).toBe(true);
    expect(toEventLogError('x', outer)).toMatchObject({ retryable: false });
    const login = Object.assign(new Error('login failed'), { name: 'KafkaJSSASLAuthenticationError' });
    expect(toEventLogError('x', login)).toMatchObject({ retryable: false });
  });

  test.each([
    ['Request is not valid given the current SASL state', 'KAFKA_SASL_MECHANISM'],
    ['Client network socket disconnected before secure TLS connection was established', 'KAFKA_TLS'],
  ])('say which setting to check: %s', (said, setting) => {
    const inner = new kafkajs.KafkaJSConnectionError(`Connection error: ${said}`);
    const error = new kafkajs.KafkaJSNumberOfRetriesExceeded(inner, { retryCount: 5, retryTime: 1 });
    expect(toEventLogError('cannot read', error).message).toMatch(new RegExp(`${said}.*check ${setting}\\)$`));
    expect(toEventLogError('x', new Error('anything else')).message).toBe('x: anything else');
  });

  test('that are ours already stay as they are', () => {
    const ours = new EventLogError('mismatch', 'another log');
    expect(toEventLogError('x', ours)).toBe(ours);
  });
});
