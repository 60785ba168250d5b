import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { askPlan, type ReplayPlan } from './ask-plan.ts';
import type { ReplayBody } from './replay-body.ts';
import type { ReadReplayForm } from './replay-form.ts';

/** How long nothing is typed before the plan is asked for, ms. */
const TYPED_MS = 300;

export interface AskedPlan {
  /** Of the form as it is, or, where there is none yet or cannot be, of before. */
  readonly plan: ReplayPlan | undefined;
  /** What is known is of the form as it is. */
  readonly isCurrent: boolean;
  /** The form can be read, and its answer is awaited. */
  readonly isAsking: boolean;
  /** Of the form as it is. */
  readonly error: unknown;
  readonly retry: () => void;
}

/** The plan of what the form says, asked for as it changes; of several answers the last one's counts. */
export function usePlan(sessionId: string, read: ReadReplayForm): AskedPlan {
  const text = read.ok ? JSON.stringify(read.body) : undefined;
  const [asked, setAsked] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), TYPED_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const query = useQuery({
    queryKey: ['replay-plan', sessionId, asked],
    enabled: asked !== undefined,
    queryFn: ({ signal }) => askPlan(sessionId, JSON.parse(asked!) as ReplayBody, signal),
    structuralSharing: false,
    staleTime: 0,
    refetchOnWindowFocus: false,
    gcTime: 0,
  });
  const last = useRef<ReplayPlan>(undefined);
  last.current = query.data ?? last.current;
  const isOfForm = text !== undefined && asked === text && !query.isPlaceholderData && !query.isFetching;
  return {
    plan: last.current,
    isCurrent: isOfForm && query.isSuccess,
    isAsking: text !== undefined && !isOfForm,
    error: isOfForm ? query.error : null,
    retry: () => void query.refetch(),
  };
}
