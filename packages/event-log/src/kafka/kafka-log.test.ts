import { expect, test } from '@jest/globals';
import kafkajs from 'kafkajs';
import { type KafkaLogger, kafkaLogCreator } from './kafka-log.ts';

test('a refused connection is a warning, and the same line is not written again at once', () => {
  const lines: [string, string][] = [];
  const write = (level: string) => (_fields: object, message: string) => void lines.push([level, message]);
  const logger: KafkaLogger = {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  };
  const log = kafkaLogCreator(logger)(kafkajs.logLevel.INFO);
  const entry = (level: kafkajs.logLevel, message: string) =>
    log({ namespace: 'Connection', level, label: '', log: { timestamp: '', message } });
  entry(kafkajs.logLevel.ERROR, 'connect ECONNREFUSED');
  entry(kafkajs.logLevel.ERROR, 'connect ECONNREFUSED');
  entry(kafkajs.logLevel.WARN, 'Response without match');
  entry(kafkajs.logLevel.INFO, 'Consumer has joined the group');
  expect(lines).toEqual([
    ['warn', 'connect ECONNREFUSED'],
    ['warn', 'Response without match'],
    ['debug', 'Consumer has joined the group'],
  ]);
});
