import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { PageSearch } from '../router.tsx';

/** Changes of search parameters by name; undefined takes one away. */
export type SearchChanges = Readonly<Record<string, string | undefined>>;

/** What the URL of the page says, and a way to say something else: as a step that Back undoes, or in place of what it said. */
export function usePageSearch(): readonly [
  search: PageSearch,
  change: (changes: SearchChanges, step?: 'push' | 'replace') => void,
] {
  const search: PageSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = useCallback(
    (changes: SearchChanges, step: 'push' | 'replace' = 'push') => {
      void navigate({
        to: '.',
        search: (previous: PageSearch) => ({ ...previous, ...changes }),
        replace: step === 'replace',
      });
    },
    [navigate],
  );
  return [search, change];
}
