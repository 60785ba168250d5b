import type { Response } from 'express';
import type { Replay, ReplayEvent } from './replay.ts';

/** Below the 60 s after which common proxies drop silent connections. */
const PING_EVERY_MS = 15_000;
/** Of a caller who does not read; what was told is kept meanwhile, once for all streams. */
const SILENT_MS_MAX = 300_000;

export const EVENT_STREAM_HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  // Proxies that hold answers back until they are whole.
  'X-Accel-Buffering': 'no',
  // Nothing keeps a stopping process once it has ended.
  Connection: 'close',
} as const;

/**
 * Everything that was and will be told of a replay, as server-sent events, each as soon as the caller has taken the one before;
 * ends with the replay.
 *
 * @param signal aborted when the caller has gone.
 */
export async function streamReplay(replay: Replay, res: Response, signal: AbortSignal): Promise<void> {
  res.setTimeout(SILENT_MS_MAX, () => res.destroy());
  let next = 0;
  const ended = Promise.withResolvers<void>();
  const write = () => {
    while (!res.writableNeedDrain) {
      const event = replay.events[next];
      if (!event) break;
      next++;
      res.write(textOf(event));
      if (event.name === 'finished') ended.resolve();
    }
  };
  const ping = setInterval(() => {
    if (!res.writableNeedDrain) res.write(': ping\n\n');
  }, PING_EVERY_MS);
  const leave = replay.listen(write);
  res.on('drain', write);
  signal.addEventListener('abort', () => ended.resolve(), { once: true });
  if (signal.aborted) ended.resolve();
  write();
  await ended.promise;
  clearInterval(ping);
  leave();
  res.end();
}

/** JSON has no line breaks of its own, so one line holds it. */
function textOf({ name, data }: ReplayEvent): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
