import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useLiveChange } from '../../api/live.tsx';

/** What a view shows, how to end a query that takes long, and whether something has changed since it was asked. */
export function useViewQuery<Data>(
  key: readonly unknown[],
  ask: (signal: AbortSignal) => Promise<Data>,
  isWanted = true,
) {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => ask(signal),
    enabled: isWanted,
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
  const [changedSince, setChangedSince] = useState(false);
  const [beganAt] = useState(Date.now);
  useLiveChange(null, () => Date.now() - beganAt > BEGINS_MS && setChangedSince(true));
  // What is there now was asked after whatever had changed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new answer is newer than what changed
  useEffect(() => setChangedSince(false), [query.dataUpdatedAt]);
  return { query, changedSince, cancel: () => void client.cancelQueries({ queryKey: key }) };
}

/** Whoever begins to listen is told of a change at once, whether there was one or not. */
const BEGINS_MS = 2_000;
