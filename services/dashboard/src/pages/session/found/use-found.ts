import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ChoiceTexts } from '../session-choice.ts';
import type { SessionSteps } from '../steps/session-steps.ts';
import { askFound, FOUND_MAX } from './ask-found.ts';
import { foundSteps } from './found-steps.ts';

/** How long one pauses before what was typed is looked for in all bodies of the session, ms. */
const PAUSE_MS = 500;

export interface Found {
  /** Empty: nothing is looked for. */
  readonly sought: string;
  /** In order of time. */
  readonly steps: readonly number[];
  /** There may be earlier ones. */
  readonly isMore: boolean;
  readonly query: Pick<UseQueryResult<unknown>, 'isSuccess' | 'error' | 'refetch'>;
}

/** Which requests have the text of `find=` in their bodies. Who comes with one and no request is shown the first of them. */
export function useFound(
  sessionId: string,
  steps: SessionSteps,
  choice: ChoiceTexts,
  onSelect: (step: number) => void,
): Found {
  const sought = usePaused(choice.find ?? '');
  const starts = steps.columns.started_at;
  const query = useQuery({
    queryKey: ['found-requests', sessionId, sought],
    enabled: sought !== '' && steps.count > 0,
    queryFn: ({ signal }) => askFound({ sessionId, sought, between: [starts[0]!, starts.at(-1)!] }, signal),
    staleTime: 30_000,
    placeholderData: undefined,
  });
  const ids = query.data;
  const found = useMemo(() => (ids && sought !== '' ? foundSteps(steps, ids) : NONE), [ids, sought, steps]);

  const isWanted = useRef(choice.find !== undefined);
  if (choice.request !== undefined) isWanted.current = false;
  const [first] = found;
  useEffect(() => {
    if (!isWanted.current || first === undefined) return;
    isWanted.current = false;
    onSelect(first);
  }, [first, onSelect]);
  return { sought, steps: found, isMore: (ids?.length ?? 0) >= FOUND_MAX, query };
}

const NONE: readonly number[] = [];

/** A text once it has stayed the same for a while; at once where it is empty. */
function usePaused(text: string): string {
  const [paused, setPaused] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return text === '' ? '' : paused;
}
