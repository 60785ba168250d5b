const OFFSET_MINUTES_MAX = 24 * 60 - 1;

/**
 * ISO 8601 with milliseconds. Shifted, it shows the wall clock of that zone with its offset, so that it is the same
 * instant to whoever parses it: +60 minutes gives `…+01:00`. A whole day shows as `23:59`, the largest offset that parsers
 * take.
 *
 * @param atMs epoch ms
 * @param shiftMinutes −1440 … 1440
 */
export function timestamp(atMs: number, shiftMinutes = 0): string {
  const shift = Math.max(-OFFSET_MINUTES_MAX, Math.min(Math.trunc(shiftMinutes), OFFSET_MINUTES_MAX));
  if (shift === 0) return new Date(atMs).toISOString();
  const wallClock = new Date(atMs + shift * 60_000).toISOString().slice(0, -1);
  const hours = String(Math.trunc(Math.abs(shift) / 60)).padStart(2, '0');
  const minutes = String(Math.abs(shift) % 60).padStart(2, '0');
  return `${wallClock}${shift < 0 ? '-' : '+'}${hours}:${minutes}`;
}
