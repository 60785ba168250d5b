import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/states.tsx';
import type { ViewProps } from './view-props.ts';

const WIDE = '90d';

/** What all views say where no session is selected. */
export function NoSessions({ search, change }: Pick<ViewProps, 'search' | 'change'>) {
  return (
    <Empty title="No sessions here">
      <p>No session of that name ran in that range of time.</p>
      {search.range !== WIDE && <Button onClick={() => change({ range: WIDE })}>Look at the last 90 days</Button>}
    </Empty>
  );
}
