/** Loaded with `--import` before the process under test: its clock (`Date.now`) is `SHIFTED_CLOCK_MS` ahead. */
import { pathToFileURL } from 'node:url';

const { SHIFTED_CLOCK_MS } = process.env;
if (SHIFTED_CLOCK_MS) {
  const realNow = Date.now.bind(Date);
  const shiftMs = Number(SHIFTED_CLOCK_MS);
  Date.now = () => realNow() + shiftMs;
}

/** The settings that put a process's clock ahead by so much; negative: behind. */
export function shiftedClock(ms: number): Record<string, string> {
  return { NODE_OPTIONS: `--import=${pathToFileURL(import.meta.filename)}`, SHIFTED_CLOCK_MS: String(ms) };
}
