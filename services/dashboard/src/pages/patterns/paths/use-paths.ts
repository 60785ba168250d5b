import { api, dataOf, type Schemas } from '../../../api/client.ts';
import { type AskedSessions, askedBody } from '../../../search/asked-sessions.ts';
import type { PathSort } from '../patterns-search.ts';
import { useViewQuery } from '../use-view-query.ts';

export type PathSums = Schemas['SessionPathSums'];

/** As many as the API gives. */
const PATHS_MAX = 200;

/** What the paths of some sessions come to, most of something first. */
export function usePaths(asked: AskedSessions, sort: PathSort, foldPaths = true) {
  return useViewQuery(['paths', asked, sort, foldPaths], (signal) => {
    const { search: _, ...selection } = askedBody(asked, Date.now());
    const body = { ...selection, foldPaths, sort, limit: PATHS_MAX };
    return dataOf(api().POST('/v1/session/path/query', { body, signal }));
  });
}
