import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Failure, Skeleton, Stale } from './states.tsx';

interface QueryViewProps<Data> {
  readonly query: UseQueryResult<Data>;
  /** What could not be done where it fails: "The users could not be read". */
  readonly failure: string;
  /** Lines of the skeleton. */
  readonly lines?: number;
  readonly children: (data: Data) => ReactNode;
}

/** Shows what a query has: a skeleton, its data, why there is none, or its last data and why there is no newer. */
export function QueryView<Data>({ query, failure, lines, children }: QueryViewProps<Data>) {
  const { data, error, refetch } = query;
  if (data === undefined) {
    if (error === null) return <Skeleton lines={lines} />;
    return <Failure what={failure} error={error} onRetry={() => void refetch()} />;
  }
  return (
    <>
      {error !== null && <Stale asOf={query.dataUpdatedAt} error={error} onRetry={() => void refetch()} />}
      {children(data)}
    </>
  );
}
