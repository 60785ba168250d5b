/**
 * ISO 8601 with milliseconds. Shifted, it shows the wall clock of that zone with its offset, so that it is the same
 * instant to whoever parses it: +60 minutes gives `…+01:00`.
 *
 * @param atMs epoch ms
 * @param shiftMinutes −1440 … 1440
 */
export function timestamp(atMs: number, shiftMinutes = 0): string {
  const shift = Math.trunc(shiftMinutes);
  if (shift === 0) return new Date(atMs).toISOString();
  const wallClock = new Date(atMs + shift * 60_000).toISOString().slice(0, -1);
  const hours = String(Math.trunc(Math.abs(shift) / 60)).padStart(2, '0');
  const minutes = String(Math.abs(shift) % 60).padStart(2, '0');
  return `${wallClock}${shift < 0 ? '-' : '+'}${hours}:${minutes}`;
}
