import { api, dataOf, type Schemas } from '../../../api/client.ts';
import { type AskedSessions, askedBody } from '../../../search/asked-sessions.ts';
import type { PathSort } from '../patterns-search.ts';
import { useViewQuery } from '../use-view-query.ts';

export type PathSums = Schemas['SessionPathSums'];

/** As many as the API gives. */
const PATHS_MAX = 200;

/** What the paths of some sessions come to, most of something first. */
export function usePaths(asked: AskedSessions, sort: PathSort) {
  return useViewQuery(['paths', asked, sort], (signal) => {
    const { search: _, ...selection } = askedBody(asked, Date.now());
    return dataOf(api().POST('/v1/session/path/query', { body: { ...selection, sort, limit: PATHS_MAX }, signal }));
  });
}
