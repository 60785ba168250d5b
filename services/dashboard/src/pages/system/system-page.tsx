import { useQuery } from '@tanstack/react-query';
import { createLazyRoute } from '@tanstack/react-router';

import { ApiFailure } from '../../api/failure.ts';
import { useLiveRefetch } from '../../api/use-live-refetch.ts';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Sentence } from '../../ui/sentence.tsx';
import { Empty } from '../../ui/states.tsx';
import { When } from '../../ui/when.tsx';
import { AuditLog } from './audit-log.tsx';
import { DeadLetters } from './dead-letters.tsx';
import { Lag } from './lag.tsx';
import { Ledger } from './ledger.tsx';
import { readStatus } from './read-system.ts';
import { Stores } from './stores.tsx';
import { useRefresh } from './use-refresh.ts';

export const systemRoute = createLazyRoute('/signed-in/system')({ component: SystemPage });

/** At most so often is everything asked anew while calls of the tenant come in, ms. */
const LIVE_MS = 2_000;

/** How the installation stands: whether what is accepted is counted, what waits, what could not be processed. */
function SystemPage() {
  const refetchInterval = useRefresh();
  useLiveRefetch(['system'], LIVE_MS);
  const query = useQuery({
    queryKey: ['system', 'status'],
    queryFn: ({ signal }) => readStatus(signal),
    refetchInterval,
  });
  const { error, dataUpdatedAt } = query;
  if (error instanceof ApiFailure && error.isNotAllowed) {
    return (
      <Page title="System">
        <Empty title="This key may not see the system">
          <p>
            <Sentence text={error.message} />
          </p>
          <p>
            What concerns the installation rather than a tenant takes a key with the permission <code>operator</code>.
            The link that <code>throughline login</code> prints on its machine signs in with one, and so does the first
            key, which <code>start</code> printed.
          </p>
        </Empty>
      </Page>
    );
  }
  return (
    <Page
      title="System"
      about={
        dataUpdatedAt > 0 && (
          <span className="quiet">
            as of <When at={dataUpdatedAt} />
            {refetchInterval === false ? ', paused' : ', refreshed by itself'}
          </span>
        )
      }
    >
      <QueryView query={query} failure="The state of the installation could not be read" lines={12}>
        {(status) => (
          <>
            <Stores status={status} />
            <Ledger />
            <Lag status={status} />
            <DeadLetters />
            <AuditLog />
          </>
        )}
      </QueryView>
    </Page>
  );
}
