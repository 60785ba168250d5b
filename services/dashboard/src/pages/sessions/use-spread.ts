import { useQuery } from '@tanstack/react-query';
import { api, dataOf } from '../../api/client.ts';
import { intervalOf, zoneMinutes } from './intervals.ts';
import { type Picture, pictureKey, selectionOf, windowOf } from './list-picture.ts';

/** The selection over time. @param asOf it is read anew when this changes. */
export function useSpread(picture: Picture, isReady: boolean, asOf: number) {
  return useQuery({
    queryKey: ['session-spread', pictureKey(picture), asOf],
    enabled: isReady,
    queryFn: async ({ signal }) => {
      const nowMs = Date.now();
      const window = windowOf(picture, nowMs);
      const { label, ...interval } = intervalOf(window);
      const body = { ...selectionOf(picture, window), ...interval, timezoneDifference: zoneMinutes(nowMs) };
      const { before, points } = await dataOf(api().POST('/v1/session/over-time/query', { body, signal }));
      return { label, before, points, times: points.map(({ time }) => Date.parse(time)), endMs: window.endTimeUnixMs };
    },
  });
}

export type Spread = NonNullable<ReturnType<typeof useSpread>['data']>;
