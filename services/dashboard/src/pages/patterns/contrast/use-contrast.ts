import { api, dataOf, type Schemas } from '../../../api/client.ts';
import { type AskedSessions, askedBody } from '../../../search/asked-sessions.ts';
import type { Against } from '../patterns-search.ts';
import { useViewQuery } from '../use-view-query.ts';

export type Feature = Omit<Schemas['ContrastFeature'], 'interval'> & { readonly interval: readonly number[] };
export type Metric = Omit<Schemas['ContrastMetric'], 'interval'> & { readonly interval: readonly number[] | null };

export interface Contrast {
  readonly a: Pick<Schemas['ContrastGroup'], 'sessions'>;
  readonly b: Pick<Schemas['ContrastGroup'], 'sessions'>;
  readonly metrics: readonly Metric[];
  readonly features: readonly Feature[];
}

/** In what some of the sessions differ from the rest. @param share of the dearest or slowest. */
export function useContrast(asked: AskedSessions, against: Against, share: string, foldPaths: boolean) {
  return useViewQuery(['contrast', asked, against, share, foldPaths], (signal) => {
    const { search: _, ...selection } = askedBody(asked, Date.now());
    const part = Number(share);
    const groups =
      against === 'failing'
        ? { failing: true as const }
        : against === 'dearest'
          ? { dearest: part }
          : { slowest: part };
    return dataOf(api().POST('/v1/session/contrast/query', { body: { ...selection, groups, foldPaths }, signal }));
  });
}

/** In what one group differs from another. */
export function useGroupsContrast(a: AskedSessions, b: AskedSessions, isWanted: boolean) {
  return useViewQuery(
    ['contrast', a, b],
    (signal) => {
      const now = Date.now();
      const [one, other] = [askedBody(a, now), askedBody(b, now)];
      const body = { timeFilter: one.timeFilter, groups: { a: one, b: other } };
      return dataOf(api().POST('/v1/session/contrast/query', { body, signal }));
    },
    isWanted,
  );
}
