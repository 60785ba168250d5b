import { useLiveState } from '../../api/live.tsx';

/** Little is read for it, and what it shows is no tenant's, so that no live update tells of it. */
const EVERY_MS = 5_000;

/** How often what is shown is asked anew, ms; not while live updates are paused. */
export function useRefresh(): number | false {
  return useLiveState().state === 'paused' ? false : EVERY_MS;
}
