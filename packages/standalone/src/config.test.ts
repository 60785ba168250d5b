import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { SESSION_RULES as ALL_RULES } from '@throughline/contracts/request-event';
import { describeConfig, readConfig, SETTINGS } from './config.ts';
import { ConfigError } from './config-error.ts';
import { isLoopback } from './loopback.ts';

describe('readConfig', () => {
  test('has a default for every setting', () => {
    const config = readConfig({});
    expect(Object.keys(config).sort()).toEqual([...Object.keys(SETTINGS), 'providerOrigins'].sort());
    expect(config).toMatchObject({
      PORT: 8585,
      HOST: '127.0.0.1',
      OUTBOX_BYTES_MAX: 10 * 1024 ** 3,
      REQUIRE_KEY: false,
    });
  });

  test.each([
    ['PORT', 'http'],
    ['PORT', '70000'],
    ['DURABILITY', 'maybe'],
    ['CAPTURE_BYTES_MAX', '16 apples'],
    ['SESSION_RULES', 'helicone-session-id,whatever'],
    ['SESSION_RULES', 'all,none'],
    ['SESSION_RULES', 'helicone-session-id,-session-affinity'],
    ['REQUIRE_KEY', 'perhaps'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'localhost:4318'],
    ['BODY_STORE_URL', 'ftp://host/folder'],
    ['BODY_STORE_URL', 's3://'],
    ['BODY_URL_SECRET', 'less than 32 characters'],
    ['KAFKA_PARTITIONS', '0'],
    ['KAFKA_PARTITIONS', 'many'],
    ['KAFKA_BROKERS', 'nonsense'],
    ['KAFKA_BROKERS', 'kafka-1:9092,kafka-2'],
    ['KAFKA_BROKERS', 'kafka-1:0'],
    ['KAFKA_BROKERS', 'kafka-1:70000'],
    ['KAFKA_BROKERS', 'kafka://kafka-1:9092'],
    ['PROVIDER_OPENAI_URL', 'not a url'],
    ['PROVIDER_BEDROCK_URL', 'https://bedrock.example.com'],
    ['PROVIDER_OPENAI_URL', 'https://user:secret@host'],
  ])('refuses %s=%s with one sentence that names it', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(ConfigError);
    expect(() => readConfig({ [name]: value })).toThrow(name);
  });

  test('names the choices of a setting that may be unset, and no empty one', () => {
    expect(() => readConfig({ KAFKA_SASL_MECHANISM: 'bogus' })).toThrow(
      'KAFKA_SASL_MECHANISM="bogus" is not one of plain, scram-sha-256, scram-sha-512.',
    );
  });

  test('tells a number of partitions that was chosen from one that is left to the topic', () => {
    expect(readConfig({}).KAFKA_PARTITIONS).toBeUndefined();
    expect(readConfig({ KAFKA_PARTITIONS: '16' }).KAFKA_PARTITIONS).toBe(16);
  });

  test('reads the session rules that are on, or those that are off, and leaves them in order', () => {
    const rules = (SESSION_RULES: string) => readConfig({ SESSION_RULES }).SESSION_RULES;
    expect(rules('')).toEqual(ALL_RULES);
    expect(rules('none')).toEqual([]);
    expect(rules('body-conversation, helicone-session-id')).toEqual(['helicone-session-id', 'body-conversation']);
    expect(rules('-body-prompt-cache-key')).toEqual(ALL_RULES.filter((rule) => rule !== 'body-prompt-cache-key'));
  });

  test('reads brokers by name and by address', () => {
    const { KAFKA_BROKERS } = readConfig({ KAFKA_BROKERS: 'kafka_1.local:9092, 127.0.0.1:19092,' });
    expect(KAFKA_BROKERS).toEqual(['kafka_1.local:9092', '127.0.0.1:19092']);
  });

  test('reads sizes with binary units, lists and provider origins', () => {
    const config = readConfig({
      CAPTURE_BYTES_MAX: '2MiB',
      ALLOWED_TARGETS: 'localhost:1234, *.example.com',
      PROVIDER_OPENAI_URL: 'http://127.0.0.1:9999',
    });
    expect(config.CAPTURE_BYTES_MAX).toBe(2 * 1024 * 1024);
    expect(config.ALLOWED_TARGETS).toEqual(['localhost:1234', '*.example.com']);
    expect({ ...config.providerOrigins }).toEqual({ OPENAI: 'http://127.0.0.1:9999' });
  });

  test.each([
    ['THROUGHLINE_API_KEY', 'sk-helicone-secret'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://user:secret@collector:4318'],
    ['BODY_STORE_URL', 's3://user:secret@bucket/prefix'],
    ['BODY_STORE_URL', 's3://bucket/prefix?endpoint=https://user:secret@host'],
    ['MASKING_RULES', '{"literals":["secret"]}'],
  ])('never shows what is secret in %s', (name, value) => {
    expect(JSON.stringify(describeConfig({ [name]: value }))).not.toContain('secret');
  });
});

describe('MASKING_RULES', () => {
  const RULES = '{"emails":true,"literals":["Bluebird"],"paths":["metadata.ssn"],"leave":["user"]}';

  test('are JSON, or the path of a file with it', () => {
    const dir = mkdtempSync(join(tmpdir(), 'rules-'));
    const file = join(dir, 'rules.json');
    writeFileSync(file, RULES);
    try {
      for (const given of [RULES, ` ${RULES}`, file]) {
        expect(readConfig({ MASKING_RULES: given }).MASKING_RULES).toMatchObject({
          emails: true,
          cards: false,
          literals: ['Bluebird'],
          leave: new Set(['user']),
        });
      }
    } finally {
      rmSync(dir, { recursive: true });
    }
    expect(readConfig({}).MASKING_RULES).toBeUndefined();
  });

  test.each([
    ['/no/such/file', 'is neither JSON nor a file that can be read (ENOENT)'],
    ['{"literals":["Bluebird"', 'is not JSON'],
    ['{"literals":"Bluebird"}', 'literals is not as it must be: emails, cards and keys are true or false'],
    ['{"mails":true}', 'has a rule that there is none of'],
    ['{"emails":true,"leave":["bodies"]}', 'leave.0 is not as it must be'],
    ['{"emails":false}', 'masks nothing'],
    ['{"emails":true,"literals":["Bluebird","xy"]}', 'literals[1] has not 3 to 1024 characters'],
    ['{"paths":["a[b]"]}', 'paths[0] has neither a number, * nor a name in double quotes in the brackets'],
  ])('%s stops the start, which says why and none of the literals', (given, message) => {
    const start = () => readConfig({ MASKING_RULES: given });
    expect(start).toThrow(message);
    expect(start).not.toThrow('Bluebird');
  });
});

test.each([
  ['127.0.0.1', true],
  ['127.1.2.3', true],
  ['::1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['192.168.1.2', false],
  ['127.0.0.1.example.com', false],
])('isLoopback(%s) is %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
