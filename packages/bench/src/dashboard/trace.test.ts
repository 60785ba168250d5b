import { expect, test } from '@jest/globals';
import { mainThreadTasks } from './trace.ts';

const thread = (pid: number, tid: number, name: string) => ({
  name: 'thread_name',
  ph: 'M',
  pid,
  tid,
  ts: 0,
  args: { name },
});
const task = (pid: number, tid: number, ms: number) => ({ name: 'RunTask', ph: 'X', pid, tid, ts: 0, dur: ms * 1_000 });

test('takes the tasks of the main thread of the page that did most', () => {
  const traceEvents = [
    thread(1, 1, 'CrBrowserMain'),
    thread(2, 1, 'CrRendererMain'),
    thread(2, 2, 'Compositor'),
    thread(3, 1, 'CrRendererMain'),
    task(1, 1, 900),
    task(2, 2, 800),
    task(2, 1, 12),
    { ...task(2, 1, 31), tdur: 20_000 },
    task(3, 1, 40),
    { name: 'Layout', ph: 'X', pid: 2, tid: 1, ts: 0, dur: 700_000 },
  ];
  expect(mainThreadTasks(JSON.stringify({ traceEvents }))).toEqual([
    { ms: 12, cpuMs: 12 },
    { ms: 31, cpuMs: 20 },
  ]);
});

test('is empty where nothing ran', () => {
  expect(mainThreadTasks('{"traceEvents":[]}')).toEqual([]);
});
