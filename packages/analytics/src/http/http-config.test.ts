import { expect, test } from '@jest/globals';
import { readEndpoint } from './http-config.ts';

test('everything may stand in the URL', () => {
  expect(readEndpoint({ url: 'https://wr%C3%ADter:p%40ss%2Fw%3Ard@ch.example:8443/sessions' })).toEqual({
    origin: 'https://ch.example:8443',
    username: 'wríter',
    password: 'p@ss/w:rd',
    database: 'sessions',
    tls: {},
  });
});

test('or beside it, which wins', () => {
  const config = { url: 'http://a:b@localhost:8123/c', username: 'user', password: 'word', database: 'base' };
  expect(readEndpoint(config)).toMatchObject({ username: 'user', password: 'word', database: 'base' });
});

test('what is left out has a default', () => {
  expect(readEndpoint({ url: 'http://clickhouse:8123' })).toMatchObject({
    username: 'default',
    password: '',
    database: 'throughline',
  });
});

test.each([
  ['clickhouse:8123', 'http: or https:'],
  ['not an url', 'not an URL'],
  ['http://h:1/?async_insert=1', 'nothing may follow'],
  ['http://h:1/a-b', 'named with letters'],
  ['http://h:1/a/b', 'named with letters'],
  ['http://u:%@h:1', 'percent-encoding'],
])('refuses %s', (url, reason) => {
  expect(() => readEndpoint({ url })).toThrow(
    expect.objectContaining({ code: 'rejected', message: expect.stringContaining(reason) }),
  );
});

test('never shows a password', () => {
  for (const url of ['tcp://user:hidden@h:1', 'http://user:hidden@h:1/?x=1', 'http://user:hid%den@h:1']) {
    expect(() => readEndpoint({ url })).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('hid') }),
    );
  }
});

test.each([
  ['http://h:1', { caFile: import.meta.filename }, 'begin with https:'],
  ['https://h:1', { certFile: import.meta.filename }, 'given together'],
  ['https://h:1', { caFile: '/nowhere/ca.pem' }, '/nowhere/ca.pem'],
])('refuses TLS files that cannot work: %s %p', (url, tls, reason) => {
  expect(() => readEndpoint({ url, tls })).toThrow(
    expect.objectContaining({ code: 'rejected', message: expect.stringContaining(reason) }),
  );
});
