import { ThumbsDown, ThumbsUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { count, percent, wholeCount } from '../../format/count.ts';
import { duration } from '../../format/duration.ts';
import { ago, exactInstant } from '../../format/instant.ts';
import { isModel } from '../../format/model-name.ts';
import { money } from '../../format/money.ts';
import { p95Latency } from '../../format/p95-latency.ts';
import { visibleText } from '../../format/visible-text.ts';
import type { ColumnId } from './column-specs.ts';
import styles from './session-grid.module.css';
import type { Session } from './use-rows.ts';

/** What stands in each column but the name's and the id's. Plain elements: hundreds of them come and go while one scrolls. */
export const CELLS: Readonly<Record<Exclude<ColumnId, 'name' | 'id'>, (session: Session, nowMs: number) => ReactNode>> =
  {
    started: ({ created_at: at }, nowMs) => <Ago at={at} nowMs={nowMs} />,
    active: ({ latest_request_created_at: at }, nowMs) => <Ago at={at} nowMs={nowMs} />,
    duration: ({ duration_ms: ms }) => duration(ms),
    requests: ({ total_requests: requests }) => <Count of={requests} />,
    success: ({ success_rate: rate }) => percent(rate),
    'error-share': ({ success_rate: rate }) => <Bad isBad={rate < 1}>{percent(1 - rate)}</Bad>,
    errors: ({ error_count: errors }) => <Bad isBad={errors > 0}>{wholeCount(errors)}</Bad>,
    cost: (session) => <Cost session={session} />,
    tokens: ({ total_tokens: tokens }) => <Count of={tokens} />,
    'tokens-in': ({ prompt_tokens: tokens }) => <Count of={tokens} />,
    'tokens-out': ({ completion_tokens: tokens }) => <Count of={tokens} />,
    'tokens-cached': ({ prompt_cache_read_tokens: tokens }) => <Count of={tokens} />,
    latency: ({ avg_latency: ms }) => duration(ms),
    p95: (session) => duration(p95Latency(session)),
    users: ({ user_ids: users, truncated_fields: cut }) => <Texts of={users} isCut={cut.includes('user_ids')} />,
    models: ({ models, truncated_fields: cut }) => <Texts of={models.filter(isModel)} isCut={cut.includes('models')} />,
    providers: ({ providers, truncated_fields: cut }) => <Texts of={providers} isCut={cut.includes('providers')} />,
    tag: ({ tag }) => <Texts of={tag === null ? [] : [tag]} isCut={false} />,
    feedback: ({ feedback }) => <Feedback rating={feedback} />,
    scores: ({ scores }) => (
      <Texts of={Object.entries(scores).map(([name, value]) => `${name} ${count(value)}`)} isCut={false} />
    ),
  };

function Ago({ at, nowMs }: { readonly at: string; readonly nowMs: number }) {
  const ms = Date.parse(at);
  return (
    <time dateTime={at} title={exactInstant(ms)}>
      {ago(ms, nowMs)}
    </time>
  );
}

function Count({ of: value }: { readonly of: number }) {
  return value < 10_000 ? count(value) : <span title={wholeCount(value)}>{count(value)}</span>;
}

function Bad({ isBad, children }: { readonly isBad: boolean; readonly children: ReactNode }) {
  return <span className={isBad ? 'bad' : 'faint'}>{children}</span>;
}

function Cost({ session }: { readonly session: Session }) {
  const { total_cost: cost, cost_complete: isWhole, unpriced_requests: unpriced, total_requests: requests } = session;
  if (isWhole) return money(cost);
  if (unpriced === requests) {
    return (
      <span className="quiet" title={`The price of ${wholeCount(unpriced)} requests is not known`}>
        unknown
      </span>
    );
  }
  return (
    <span title={`At least: the price of ${wholeCount(unpriced)} of ${wholeCount(requests)} requests is not known`}>
      ≥ {money(cost)}
    </span>
  );
}

function Texts({ of: texts, isCut }: { readonly of: readonly string[]; readonly isCut: boolean }) {
  if (texts.length === 0) return <span className="faint">–</span>;
  const all = visibleText(texts.join(', ')) + (isCut ? ' and more' : '');
  return (
    <span title={all}>
      <bdi className={texts.length > 1 ? styles.several : undefined}>{visibleText(texts[0]!)}</bdi>
      {texts.length > 1 && (
        <span className="faint">
          +{texts.length - 1}
          {isCut && '…'}
        </span>
      )}
    </span>
  );
}

function Feedback({ rating }: { readonly rating: boolean | null }) {
  if (rating === null) return <span className="faint">–</span>;
  const Icon = rating ? ThumbsUp : ThumbsDown;
  return (
    <span className={rating ? 'good' : 'bad'} title={rating ? 'Rated well' : 'Rated badly'}>
      <Icon size={14} aria-hidden />
      <span className="spoken">{rating ? 'good' : 'bad'}</span>
    </span>
  );
}
