import { expect, test } from '@jest/globals';
import { cpuBetween, parseStat, readCpu } from './process-cpu.ts';

test('user and system time are read whatever the name of the thread holds', () => {
  const line = '4711 (a) b (c)) S 1 2 3 0 -1 4194560 10 0 0 0 123 45 0 0 20 0 11 0 99 1 2';
  expect(parseStat(line)).toEqual({ name: 'a) b (c)', cpuUs: 1_680_000 });
});

test('this process has used CPU time, and its threads no more than it has', () => {
  const cpu = readCpu(process.pid);
  expect(cpu.processUs).toBeGreaterThan(0);
  const threads = Object.values(cpu.threads).reduce((sum, us) => sum + us, 0);
  // Each thread is rounded down to a tick.
  expect(threads).toBeLessThanOrEqual(cpu.processUs + 20_000);
});

test('a thread that was not there before counts from zero', () => {
  const before = { processUs: 100, threads: { main: 60 } };
  const after = { processUs: 300, threads: { main: 70, http: 50 } };
  expect(cpuBetween(before, after)).toEqual({ processUs: 200, threads: { main: 10, http: 50 } });
});
