import { lastDays } from './window.ts';

/** The body of a call for the first page of the list, as whoever turns pages sends it. */
export function newestPage(days: number): string {
  const { startMs, endMs } = lastDays(days);
  return JSON.stringify({
    search: '',
    timezoneDifference: 0,
    filter: 'all',
    timeFilter: { startTimeUnixMs: startMs, endTimeUnixMs: endMs },
    limit: 50,
  });
}
