import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/states.tsx';
import type { ViewProps } from './view-props.ts';

const WIDE = '90d';

/** What all views say where no session is selected. */
export function NoSessions({ search, change }: Pick<ViewProps, 'search' | 'change'>) {
  return (
    <Empty title="No sessions here">
      <p>
        {search.name === undefined ? 'No session ran in this range.' : 'No session of this name ran in this range.'}
      </p>
      {search.range !== WIDE && <Button onClick={() => change({ range: WIDE })}>Look at the last 90 days</Button>}
    </Empty>
  );
}
