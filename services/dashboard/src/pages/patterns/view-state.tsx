import type { UseQueryResult } from '@tanstack/react-query';
import { Button } from '../../ui/button.tsx';
import { Running } from '../../ui/states.tsx';

interface ViewStateProps {
  readonly query: UseQueryResult<unknown>;
  readonly changedSince: boolean;
  readonly cancel: () => void;
}

/** Whether a view is asked for just now, or is of before: what is looked at does not move by itself. */
export function ViewState({ query, changedSince, cancel }: ViewStateProps) {
  if (query.isFetching) return <Running isRunning onCancel={cancel} />;
  if (!changedSince || query.data === undefined) return null;
  return (
    <Button kind="quiet" onClick={() => void query.refetch()}>
      Calls since then: refresh
    </Button>
  );
}
