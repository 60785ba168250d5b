import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { visibleText } from '../../../format/visible-text.ts';
import { writeFilter } from '../../../search/filter-param.ts';
import { DiffLink } from '../../../ui/diff-link.tsx';
import { SessionLink } from '../../../ui/session-link.tsx';
import { askInSession, askOne } from '../panel/use-request.ts';
import type { SessionSteps } from '../steps/session-steps.ts';
import styles from './header.module.css';

/** On each request of a session that was made from another: the id of that one. As contracts spell it, which is not for browsers. */
const REPLAY_OF = 'throughline-replay-of';
/** How far back the list looks. */
const RANGE = '365d';

interface ReplayLinksProps {
  readonly sessionId: string;
  readonly steps: SessionSteps | undefined;
}

/** What a session is a replay of, where it is one, and what was made from it: replays, and runs on its recorded answers. */
export function ReplayLinks({ sessionId, steps }: ReplayLinksProps) {
  const original = useOriginal(sessionId, steps);
  const filter = writeFilter({ request_response_rmt: { properties: { [REPLAY_OF]: { equals: sessionId } } } });
  return (
    <span className={styles.replays}>
      <Link to="/sessions" search={{ filter, range: RANGE }}>
        Its replays
      </Link>
      {original !== undefined && (
        <>
          <span className="truncate" title={visibleText(original)}>
            replay of{' '}
            <SessionLink sessionId={original}>
              <bdi>{visibleText(original)}</bdi>
            </SessionLink>
          </span>
          <DiffLink a={original} b={sessionId}>
            compare
          </DiffLink>
        </>
      )}
    </span>
  );
}

/** Its first request says it, or none does. */
function useOriginal(sessionId: string, steps: SessionSteps | undefined): string | undefined {
  const requestId = steps?.columns.request_id[0];
  const { data } = useQuery({
    queryKey: ['replay-of', sessionId, requestId],
    enabled: requestId !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: undefined,
    queryFn: async ({ signal }) => {
      const found = await askOne(requestId!, false, signal);
      const request = found.session_id === sessionId ? found : (await askInSession(sessionId, requestId!, signal))[0];
      return new Map(Object.entries(request?.properties ?? {})).get(REPLAY_OF) ?? null;
    },
  });
  return data ?? undefined;
}
