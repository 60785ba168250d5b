import { ChevronDown, ChevronUp } from 'lucide-react';
import { type ReactNode, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { bytes, count, wholeCount } from '../../../format/count.ts';
import { duration } from '../../../format/duration.ts';
import { findText, MATCHES_MAX, spellings } from '../../../format/find-text.ts';
import { exactInstant } from '../../../format/instant.ts';
import { money } from '../../../format/money.ts';
import { visibleText } from '../../../format/visible-text.ts';
import { useShortcut } from '../../../shell/shortcuts.ts';
import { IconButton } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { PlainText } from '../../../ui/plain-text.tsx';
import { SearchField } from '../../../ui/search-field.tsx';
import { Segments } from '../../../ui/segments.tsx';
import { RequestBody, ResponseBody, rawText, StepBodies } from '../body/body-view.tsx';
import { MAY_NOT_READ_BODIES } from '../body/may-not-read-bodies.ts';
import type { ViewProps } from '../session-choice.ts';
import type { StepColumns } from '../steps/ask-steps.ts';
import { STEP_KIND_NAMES } from '../steps/step-icon.tsx';
import { statusWord } from '../steps/step-status.tsx';
import styles from './request-panel.module.css';
import type { WholeRequest } from './use-request.ts';

interface RequestContentsProps extends Pick<ViewProps, 'choice' | 'onChoose'> {
  readonly whole: WholeRequest;
  readonly columns: StepColumns;
  readonly step: number;
}

/** Everything that is known of a request. */
export function RequestContents({ whole, columns, step, choice, onChoose }: RequestContentsProps) {
  const { request, mayReadBodies } = whole;
  const kind = request.step_kind;
  return (
    <>
      <Facts request={request} columns={columns} step={step} />
      {request.error && (
        <div className={styles.error}>
          <b>✕ {visibleText(request.error.type) || 'Error'}</b>{' '}
          <bdi>{visibleText(request.error.message.slice(0, 4_000))}</bdi>
        </div>
      )}
      {mayReadBodies ? (
        <Bodies
          kind={kind}
          request={request.request_body}
          response={request.response_body}
          isCut={[request.request_truncated, request.response_truncated]}
          choice={choice}
          onChoose={onChoose}
        />
      ) : (
        <Part title="Bodies">
          <p className="quiet">{MAY_NOT_READ_BODIES}</p>
        </Part>
      )}
      <Pairs title="Properties" pairs={Object.entries(request.properties)} none="It has no properties." />
      <Pairs
        title="Scores"
        pairs={Object.entries(request.scores).map(([name, value]) => [name, String(value)])}
        none="It has no scores."
      />
      {'request_headers' in request && request.request_headers !== null && (
        <>
          <Pairs
            title="Request headers"
            pairs={Object.entries(request.request_headers)}
            none="None were stored. Credentials never are."
          />
          <Pairs
            title="Response headers"
            pairs={Object.entries(request.response_headers ?? {})}
            none="None were stored."
          />
        </>
      )}
      {request.attempts.length > 0 && (
        <Part title="Attempts">
          <table className={styles.attempts}>
            <thead>
              <tr>
                <th scope="col">Target</th>
                <th scope="col" className="number">
                  Status
                </th>
                <th scope="col" className="number">
                  Latency
                </th>
              </tr>
            </thead>
            <tbody>
              {request.attempts.map(({ target, status, latency_ms: latency }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: attempts stay in their order
                <tr key={index}>
                  <td>{visibleText(target)}</td>
                  <td className="number">{statusWord(status)}</td>
                  <td className="number">{duration(latency)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Part>
      )}
      <Pairs title="Known by" pairs={idsOf(request)} none="" />
    </>
  );
}

function Facts({
  request,
  columns,
  step,
}: {
  readonly request: WholeRequest['request'];
  readonly columns: StepColumns;
  readonly step: number;
}) {
  const startedAt = columns.started_at[step]!;
  const tokens: [string, number | null][] = [
    ['in', request.prompt_tokens],
    ['out', request.completion_tokens],
    ['thought', request.reasoning_tokens || null],
    ['read from cache', request.prompt_cache_read_tokens || null],
    ['written to cache', request.prompt_cache_write_tokens || null],
    ['sound in', request.prompt_audio_tokens || null],
    ['sound out', request.completion_audio_tokens || null],
  ];
  const isModel = request.step_kind === 'llm';
  const known = tokens.filter(([name, value]) => value !== null || (isModel && (name === 'in' || name === 'out')));
  const facts: [string, ReactNode][] = [
    ['Kind', STEP_KIND_NAMES[request.step_kind] ?? request.step_kind],
    ['Status', <Status key="status" request={request} />],
    ['Model', visibleText(request.model) || (isModel ? 'unknown' : '')],
    ['Provider', visibleText(request.provider)],
    ['Answered', isFromCache(request) ? 'as another request had been, at no cost; the provider was not asked' : ''],
    ['Latency', duration(request.delay_ms)],
    ['First token after', request.time_to_first_token === null ? '' : duration(request.time_to_first_token)],
    ['Started', `${exactInstant(startedAt)}`],
    ['In the session at', `+${duration(startedAt - columns.started_at[0]!)}`],
    ['Cost', `${money(request.cost)} ${COST_SOURCES.get(request.cost_source) ?? ''}`],
    [
      'Tokens',
      known.length === 0
        ? ''
        : known.every(([, value]) => value === null)
          ? 'unknown'
          : known.map(([name, value]) => `${value === null ? 'unknown' : wholeCount(value)} ${name}`).join(', ') +
            (request.usage_complete || !isModel ? '' : ' (not all told by the provider)'),
    ],
    ['Finish', visibleText(request.finish_reason ?? '')],
    ['User', visibleText(request.request_user_id ?? '')],
    ['Prices', visibleText(request.price_version)],
    ['Size', `${bytes(columns.request_bytes[step])} in, ${bytes(columns.response_bytes[step])} out`],
  ];
  return (
    <dl className={styles.facts}>
      {facts.map(
        ([name, value]) =>
          value !== '' && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

/** What a request refers to that its provider answered. */
const NO_REFERENCE = '00000000-0000-0000-0000-000000000000';

function isFromCache(request: WholeRequest['request']): boolean {
  return request.cache_reference_id !== NO_REFERENCE;
}

const COST_SOURCES: ReadonlyMap<string, string> = new Map([
  ['provider', 'as the provider says'],
  ['table', 'by the price table'],
  ['estimated', 'of estimated tokens'],
]);

function Status({ request }: { readonly request: WholeRequest['request'] }) {
  const word = statusWord(request.response_status);
  return request.error ? <span className="bad">✕ {word}</span> : word;
}

function idsOf(request: WholeRequest['request']): [string, string][] {
  const ids: [string, string | null][] = [
    ['Request', request.request_id],
    ['Answered as request', isFromCache(request) ? request.cache_reference_id : null],
    ['Path as sent', request.session_path],
    ['Address', request.target_url],
    ['Session named by', request.session_rule],
    ['Prompt', request.prompt_id],
    ['Trace', request.trace_id],
    ['Span', request.span_id],
    ['Parent span', request.parent_span_id],
  ];
  return ids.filter((pair): pair is [string, string] => pair[1] !== null && pair[1] !== '');
}

function Part({
  title,
  actions,
  children,
}: {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className={styles.section} aria-label={title}>
      <h3>
        {title} {actions}
      </h3>
      {children}
    </section>
  );
}

function Pairs({
  title,
  pairs,
  none,
}: {
  readonly title: string;
  readonly pairs: readonly (readonly [string, string])[];
  readonly none: string;
}) {
  return (
    <Part title={title}>
      {pairs.length === 0 ? (
        <p className="faint">{none}</p>
      ) : (
        <dl className={styles.pairs}>
          {pairs.map(([name, value]) => (
            <div key={name}>
              <dt>{visibleText(name)}</dt>
              <dd className="mono">{visibleText(value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </Part>
  );
}

interface BodiesProps extends Pick<ViewProps, 'choice' | 'onChoose'> {
  readonly kind: string;
  readonly request: unknown;
  readonly response: unknown;
  /** Whether only the beginning of each was recorded. */
  readonly isCut: readonly [request: boolean, response: boolean];
}

const SHAPES = [
  ['rendered', 'Rendered'],
  ['raw', 'Raw'],
] as const;

/** Request and response, to read or as they were sent; what is looked for is marked in what was sent. */
function Bodies({ kind, request, response, isCut, choice, onChoose }: BodiesProps) {
  const sought = choice.find ?? '';
  const isRaw = choice.raw === '1';
  useShortcut('raw', () => onChoose({ raw: isRaw ? undefined : '1' }));
  const isPlain = isRaw || sought !== '';
  const texts = useMemo(
    () => (isPlain ? ([rawText(request), rawText(response)] as const) : (['', ''] as const)),
    [isPlain, request, response],
  );
  const deferred = useDeferredValue(sought);
  const found = useMemo(() => {
    const wanted = spellings(visibleText(deferred));
    return [findText(texts[0], wanted), findText(texts[1], wanted)] as const;
  }, [texts, deferred]);
  const total = found[0].length + found[1].length;
  const [at, setAt] = useState(0);
  const current = total === 0 ? -1 : at % total;
  const place = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text is looked for from its first place on
  useEffect(() => setAt(0), [deferred]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the place that is looked at changes
  useEffect(() => {
    place.current?.querySelector('mark[data-current]')?.scrollIntoView({ block: 'center' });
  }, [current, found]);
  const go = (by: 1 | -1) => total > 0 && setAt((current + by + total) % total);
  return (
    <div ref={place}>
      <div className={styles.find}>
        <Segments
          label="How bodies are shown"
          value={isRaw ? 'raw' : 'rendered'}
          options={SHAPES}
          onChange={(shape) => onChoose({ raw: shape === 'raw' ? '1' : undefined })}
        />
        <SearchField
          label="Find in the bodies"
          value={sought}
          onChange={(find) => onChoose({ find: find === '' ? undefined : find })}
          onKeyDown={(event) => {
            if (event.key === 'Enter') go(event.shiftKey ? -1 : 1);
          }}
        />
        {sought !== '' && (
          <>
            <span role="status" className={total === 0 ? 'warn' : 'quiet'}>
              {total === 0 ? 'nowhere' : `${current + 1} of ${total >= MATCHES_MAX ? 'at least ' : ''}${count(total)}`}
            </span>
            <IconButton
              label="Match before"
              icon={<ChevronUp size={14} aria-hidden />}
              disabled={total === 0}
              onClick={() => go(-1)}
            />
            <IconButton
              label="Match after"
              icon={<ChevronDown size={14} aria-hidden />}
              disabled={total === 0}
              onClick={() => go(1)}
            />
          </>
        )}
      </div>
      {kind !== 'llm' && !isPlain ? (
        <Part title={STEP_KIND_NAMES[kind] ?? kind}>
          <Cut isCut={isCut[0] || isCut[1]} />
          <StepBodies kind={kind} request={request} response={response} />
        </Part>
      ) : (
        <>
          <Part title="Request" actions={<CopyButton text={() => rawText(request)} label="Copy the request" />}>
            <Cut isCut={isCut[0]} />
            {isPlain ? (
              <RawBody text={texts[0]} matches={found[0]} current={current} />
            ) : (
              <RequestBody body={request} />
            )}
          </Part>
          <Part title="Response" actions={<CopyButton text={() => rawText(response)} label="Copy the response" />}>
            <Cut isCut={isCut[1]} />
            {isPlain ? (
              <RawBody text={texts[1]} matches={found[1]} current={current - found[0].length} />
            ) : (
              <ResponseBody body={response} />
            )}
          </Part>
        </>
      )}
    </div>
  );
}

function RawBody({
  text,
  matches,
  current,
}: {
  readonly text: string;
  readonly matches: ReturnType<typeof findText>;
  readonly current: number;
}) {
  if (text === '') return <p className="faint">There was none.</p>;
  return <PlainText text={text} kind="code" matches={matches} current={current} />;
}

function Cut({ isCut }: { readonly isCut: boolean }) {
  if (!isCut) return null;
  return <p className="warn">Only the beginning of it was recorded: it was longer than the log takes.</p>;
}
