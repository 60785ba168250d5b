import { createLazyRoute, useSearch } from '@tanstack/react-router';
import { CompareGroups } from './compare-groups.tsx';
import { CompareSessions } from './compare-sessions.tsx';

export const compareRoute = createLazyRoute('/signed-in/compare')({ component: ComparePage });

function ComparePage() {
  const search = useSearch({ from: '/signed-in/compare' });
  const isOfSessions = search.aSession !== undefined || search.bSession !== undefined;
  return isOfSessions ? <CompareSessions search={search} /> : <CompareGroups search={search} />;
}
