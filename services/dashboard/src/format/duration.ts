/**
 * A span of time in its largest two units: `240 ms`, `3.2 s`, `2 min 5 s`, `1 h 12 min`, `3 d 4 h`.
 *
 * @param ms null or undefined: not known.
 */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || Number.isNaN(ms)) return 'unknown';
  if (ms < 0) return `−${duration(-ms)}`;
  if (ms < 999.5) return `${ms < 10 && ms !== Math.round(ms) ? ms.toFixed(1) : Math.round(ms)} ms`;
  if (ms < 9_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  for (const [unit, size, below, smaller, max] of UNITS) {
    if (seconds >= max) continue;
    const whole = Math.floor(seconds / size);
    const rest = Math.floor((seconds % size) / below);
    return rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${smaller}`;
  }
  return `${Math.round(seconds / 86_400)} d`;
}

const UNITS = [
  ['min', 60, 1, 's', 3_600],
  ['h', 3_600, 60, 'min', 86_400],
  ['d', 86_400, 3_600, 'h', 100 * 86_400],
] as const;
