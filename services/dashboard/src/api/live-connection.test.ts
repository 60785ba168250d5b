import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { LiveConnection, type LiveState } from './live-connection.ts';

/** Streams that were asked for and not ended, by what they listen to. */
let open: { readonly url: string; readonly write: (text: string) => void; readonly signal: AbortSignal }[];
let connection: LiveConnection;
let states: LiveState[];

beforeEach(() => {
  open = [];
  states = [];
  jest.useFakeTimers();
  const page = Object.assign(new EventTarget(), { hidden: false });
  Object.assign(globalThis, { document: page, sessionStorage: { getItem: () => 'key' } });
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
    let write: (text: string) => void = () => {};
    const body = new ReadableStream({
      start: (controller) => {
        write = (text) => controller.enqueue(new TextEncoder().encode(text));
      },
    });
    open.push({ url: String(url), write, signal: init!.signal! });
    return new Response(body);
  });
  connection = new LiveConnection();
  connection.listen(() => states.push(connection.state()));
});

afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
  Reflect.deleteProperty(globalThis, 'document');
  Reflect.deleteProperty(globalThis, 'sessionStorage');
});

const settle = () => jest.advanceTimersByTimeAsync(10);
const subscribe = (onChange: () => void = () => {}) => connection.subscribe({ sessionId: null, onChange });

test('while nothing listens it is idle, and asks for nothing', async () => {
  await settle();
  expect([connection.state(), open]).toEqual(['idle', []]);
  connection.setPaused(true);
  expect(connection.state()).toBe('idle');
});

test('it connects for whoever listens, and is idle again behind the last', async () => {
  const leave = subscribe();
  await settle();
  const leaveToo = subscribe();
  leave();
  await settle();
  expect(states).toEqual(['connecting', 'live']);
  leaveToo();
  await settle();
  expect(states).toEqual(['connecting', 'live', 'idle']);
  expect(open.map(({ signal }) => signal.aborted)).toEqual([true]);
});

test('from one page to the next that listens it is not idle in between', async () => {
  const leave = subscribe();
  await settle();
  leave();
  subscribe();
  await settle();
  expect(states).toEqual(['connecting', 'live']);
  expect(open).toHaveLength(1);
});

test('whoever listens after nobody did is told that something may have changed meanwhile', async () => {
  const leave = subscribe();
  await settle();
  leave();
  await settle();
  const onChange = jest.fn();
  subscribe(onChange);
  await settle();
  expect(onChange).toHaveBeenCalledTimes(1);
});

test('a connection that was lost is not said to be so where nothing listens any more', async () => {
  jest.mocked(fetch).mockRejectedValue(new TypeError('no answer'));
  const leave = subscribe();
  await settle();
  expect([connection.state(), connection.lostAtMs()]).toEqual(['lost', expect.any(Number)]);
  leave();
  await settle();
  expect([connection.state(), connection.lostAtMs()]).toEqual(['idle', undefined]);
  const asked = jest.mocked(fetch).mock.calls.length;
  await jest.advanceTimersByTimeAsync(60_000);
  expect(jest.mocked(fetch).mock.calls).toHaveLength(asked);
});

test('a pause holds where one listens again', async () => {
  const leave = subscribe();
  await settle();
  connection.setPaused(true);
  leave();
  await settle();
  expect(connection.state()).toBe('idle');
  subscribe();
  await settle();
  expect(connection.state()).toBe('paused');
});
