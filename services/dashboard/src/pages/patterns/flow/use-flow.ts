import { api, dataOf } from '../../../api/client.ts';
import { type AskedSessions, askedBody } from '../../../search/asked-sessions.ts';
import type { PatternsSearch } from '../patterns-search.ts';
import { useViewQuery } from '../use-view-query.ts';

/** The flow of some sessions, shown as the URL says. */
export function useFlow(
  asked: AskedSessions,
  { depth, levels, merge, foldPaths, repeats }: PatternsSearch,
  isWanted = true,
) {
  return useViewQuery(
    ['flow', asked, depth, levels, merge, foldPaths, repeats],
    (signal) => {
      const { search: _, ...selection } = askedBody(asked, Date.now());
      const body = {
        ...selection,
        depthMax: Number(depth),
        mergeBelow: Number(merge),
        foldPaths,
        collapseRepeats: !repeats,
        ...(levels !== 'all' && { pathLevels: Number(levels) }),
      };
      return dataOf(api().POST('/v1/session/flow/query', { body, signal }));
    },
    isWanted,
  );
}
