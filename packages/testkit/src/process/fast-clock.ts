/**
 * Loaded with `--import` before the process under test: its clock (`Date.now`) runs `FAST_CLOCK_SPEED` times as fast since
 * `FAST_CLOCK_EPOCH`, epoch ms, and does not step back over restarts. What the product does about idle sessions and old
 * segments after an hour is then seen after seconds; its timers, which do not follow the clock, are as they are.
 */
import { pathToFileURL } from 'node:url';

const { FAST_CLOCK_EPOCH, FAST_CLOCK_SPEED } = process.env;
if (FAST_CLOCK_EPOCH && FAST_CLOCK_SPEED) {
  const realNow = Date.now.bind(Date);
  const epoch = Number(FAST_CLOCK_EPOCH);
  const speed = Number(FAST_CLOCK_SPEED);
  Date.now = () => Math.floor(epoch + (realNow() - epoch) * speed);
}

/** The settings that make a process live so fast, from now on. */
export function fastClock(speed: number): Record<string, string> {
  return {
    NODE_OPTIONS: `--import=${pathToFileURL(import.meta.filename)}`,
    FAST_CLOCK_EPOCH: String(Date.now()),
    FAST_CLOCK_SPEED: String(speed),
  };
}
