import { Link } from '@tanstack/react-router';
import { count, percent } from '../../../format/count.ts';
import { duration } from '../../../format/duration.ts';
import { minuteOf } from '../../../format/instant.ts';
import { isModel } from '../../../format/model-name.ts';
import { money } from '../../../format/money.ts';
import { p95Latency } from '../../../format/p95-latency.ts';
import { visibleText } from '../../../format/visible-text.ts';
import { Stat, Stats } from '../../../ui/stat.tsx';
import { When } from '../../../ui/when.tsx';
import type { SessionTotals } from '../use-session.ts';
import styles from './header.module.css';

/** Lines of people and models: as many as a figure with its note has. */
const LINES_MAX = 3;

interface SessionFiguresProps {
  readonly session: SessionTotals;
  /** Of its requests, where all are known. */
  readonly slowestMs: number | undefined;
}

/** What the session came to. */
export function SessionFigures({ session, slowestMs }: SessionFiguresProps) {
  const models = session.models.filter(isModel);
  const cached = session.prompt_cache_read_tokens + session.prompt_cache_write_tokens;
  return (
    <div className={styles.figures}>
      <Stats>
        <Stat
          label="Cost"
          note={
            session.cost_complete ? undefined : <span className="warn">{count(session.unpriced_requests)} unknown</span>
          }
        >
          {money(session.total_cost)}
        </Stat>
        <Stat label="Requests">{count(session.total_requests)}</Stat>
        <Stat label="Errors" note={`${percent(session.success_rate)} succeeded`}>
          <span className={session.error_count > 0 ? 'bad' : undefined}>{count(session.error_count)}</span>
        </Stat>
        <Stat
          label="Tokens"
          note={`${count(session.prompt_tokens)} in, ${count(session.completion_tokens)} out${cached > 0 ? `, ${count(cached)} cached` : ''}${session.reasoning_tokens > 0 ? `, ${count(session.reasoning_tokens)} thought` : ''}`}
        >
          {count(session.total_tokens)}
        </Stat>
        <Stat label="Latency, mean" note={`${duration(p95Latency(session, slowestMs))} at p95`}>
          {duration(session.avg_latency)}
        </Stat>
        <Stat
          label="Duration"
          note={
            <>
              last began <When at={session.latest_request_created_at} />
            </>
          }
        >
          {duration(session.duration_ms)}
        </Stat>
        <Stat label="Started" note={minuteOf(Date.parse(session.created_at))}>
          <When at={session.created_at} />
        </Stat>
        {models.length > 0 && (
          <Names label="Models" names={models} isCut={session.truncated_fields.includes('models')} />
        )}
        {session.user_ids.length > 0 && (
          <Users ids={session.user_ids} isCut={session.truncated_fields.includes('user_ids')} />
        )}
        {Object.keys(session.scores).length > 0 && (
          <Names
            label="Scores"
            names={Object.entries(session.scores).map(([name, value]) => `${name} ${value}`)}
            isCut={false}
          />
        )}
      </Stats>
      {session.deleted_bodies && <p className={styles.partial}>Some bodies of this session have been deleted.</p>}
    </div>
  );
}

function Names({
  label,
  names,
  isCut,
}: {
  readonly label: string;
  readonly names: readonly string[];
  readonly isCut: boolean;
}) {
  const named = namedOf(names, isCut);
  return (
    <div className={styles.names}>
      <dt>{label}</dt>
      {named.map((name) => (
        <dd key={name} className="truncate" title={visibleText(name)}>
          {visibleText(name)}
        </dd>
      ))}
      <More names={names.slice(named.length)} isCut={isCut} />
    </div>
  );
}

function Users({ ids, isCut }: { readonly ids: readonly string[]; readonly isCut: boolean }) {
  const named = namedOf(ids, isCut);
  return (
    <div className={styles.names}>
      <dt>Users</dt>
      {named.map((userId) => (
        <dd key={userId} className="truncate" title={visibleText(userId)}>
          <Link to="/users/$userId" params={{ userId }}>
            {visibleText(userId)}
          </Link>
        </dd>
      ))}
      <More names={ids.slice(named.length)} isCut={isCut} />
    </div>
  );
}

/** Those with a line of their own; what is left of more has the last line. */
function namedOf(names: readonly string[], isCut: boolean): readonly string[] {
  return names.length > LINES_MAX || isCut ? names.slice(0, LINES_MAX - 1) : names;
}

function More({ names, isCut }: { readonly names: readonly string[]; readonly isCut: boolean }) {
  if (names.length === 0 && !isCut) return null;
  return (
    <dd className="faint" title={names.map(visibleText).join('\n')}>
      {names.length > 0 ? `and ${isCut ? 'at least ' : ''}${names.length} more` : 'and more'}
    </dd>
  );
}
