import { expect, test } from '@jest/globals';
import { kafkaProperties } from './kafka-properties.ts';

const ports = { client: 1, internal: 2, controller: 3 };

test('clients that came through a proxy are told to come back through it, others are not', () => {
  const proxied = [
    { listen: 4, advertise: 14 },
    { listen: 5, advertise: 15 },
  ];
  const text = kafkaProperties({ ports: { ...ports, proxied }, logDir: '/data' });
  const at = (name: string, port: number) => `${name}://127.0.0.1:${port}`;
  expect(lineOf(text, 'listeners')).toBe(
    [at('CLIENT', 1), at('INTERNAL', 2), at('PROXIED0', 4), at('PROXIED1', 5), at('CONTROLLER', 3)].join(','),
  );
  expect(lineOf(text, 'advertised.listeners')).toBe(
    [at('CLIENT', 1), at('INTERNAL', 2), at('PROXIED0', 14), at('PROXIED1', 15)].join(','),
  );
  expect(lineOf(text, 'inter.broker.listener.name')).toBe('INTERNAL');
});

test('what the caller sets wins, and is written so that Java reads it back', () => {
  const properties = { 'broker.session.timeout.ms': '9000', odd: 'a\\b\nc' };
  const text = kafkaProperties({ ports, logDir: '/data', properties });
  expect(text.match(/^broker\.session\.timeout\.ms=/gm)).toHaveLength(1);
  expect(lineOf(text, 'broker.session.timeout.ms')).toBe('9000');
  expect(lineOf(text, 'odd')).toBe('a\\\\b\\nc');
});

function lineOf(text: string, name: string): string | undefined {
  return text
    .split('\n')
    .find((line) => line.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}
