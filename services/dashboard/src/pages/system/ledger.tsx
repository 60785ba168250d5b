import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { count, wholeCount } from '../../format/count.ts';
import { minuteOf } from '../../format/instant.ts';
import { visibleText } from '../../format/visible-text.ts';
import { usePageSearch } from '../../search/use-page-search.ts';
import { Button } from '../../ui/button.tsx';
import { TimeChart } from '../../ui/chart/lazy-time-chart.tsx';
import { Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Stat, Stats } from '../../ui/stat.tsx';
import { Failure } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { When } from '../../ui/when.tsx';
import { ledgerSeries, ledgerSums, minuteExtras, minuteGaps } from './ledger-minutes.ts';
import { type LedgerAnswer, type LedgerAudit, readLedger, runAudit } from './read-system.ts';
import styles from './system.module.css';
import { useRefresh } from './use-refresh.ts';

const SPANS = [
  ['60', 'Last hour'],
  ['360', '6 hours'],
  ['1440', '24 hours'],
] as const;

/** Minutes listed before all of them are asked for. */
const LISTED = 10;

/** Whether what was accepted was logged, stored and totalled, minute by minute. */
export function Ledger() {
  const [search, change] = usePageSearch();
  const span = SPANS.find(([minutes]) => minutes === search.minutes)?.[0] ?? '60';
  const refetchInterval = useRefresh();
  const query = useQuery({
    queryKey: ['system', 'ledger', span],
    queryFn: ({ signal }) => readLedger(Number(span), signal),
    refetchInterval,
  });
  const audit = useMutation({ mutationFn: runAudit });
  return (
    <Section
      title="Ledger"
      actions={
        <>
          <Segments
            label="Span of the ledger"
            value={span}
            options={SPANS}
            onChange={(minutes) => change({ minutes: minutes === '60' ? undefined : minutes }, 'replace')}
          />
          <Button onClick={() => audit.mutate()} disabled={audit.isPending}>
            {audit.isPending ? 'Comparing everything' : 'Compare everything'}
          </Button>
        </>
      }
    >
      {audit.data && <AuditResult audit={audit.data} />}
      {audit.error && <Failure what="The comparison could not be made" error={audit.error} />}
      <QueryView query={query} failure="The ledger could not be read" lines={8}>
        {(ledger) => <Minutes ledger={ledger} span={Number(span)} toMs={query.dataUpdatedAt} />}
      </QueryView>
    </Section>
  );
}

interface MinutesProps {
  readonly ledger: LedgerAnswer;
  readonly span: number;
  readonly toMs: number;
}

function Minutes({ ledger: { minutes, partitions, gaps }, span, toMs }: MinutesProps) {
  const [isWhole, setWhole] = useState(false);
  const sums = ledgerSums(minutes);
  const waiting = partitions.reduce((sum, one) => sum + (one.waiting ?? 0), 0);
  const newest = minutes.toReversed();
  return (
    <>
      <Stats>
        <Stat label="Accepted">{count(sums.accepted)}</Stat>
        <Stat label="Logged" note="repeats included">
          {count(sums.logged)}
        </Stat>
        <Stat label="Stored">{count(sums.stored)}</Stat>
        <Stat label="Totalled" note={sums.totalled === sums.stored ? 'all that is stored' : 'the rest follows'}>
          {count(sums.totalled)}
        </Stat>
        <Stat label="Waiting" note="logged, in no minute yet">
          <span className={waiting > 0 ? 'warn' : ''}>{count(waiting)}</span>
        </Stat>
        <Stat label="Not processed" note="dead letters">
          <span className={sums.dead > 0 ? 'bad' : ''}>{count(sums.dead)}</span>
        </Stat>
        <Stat label="Refused" note="the log had no room">
          <span className={sums.refused > 0 ? 'bad' : ''}>{count(sums.refused)}</span>
        </Stat>
      </Stats>
      {gaps.length > 0 && <Lost gaps={gaps} />}
      <div className={styles.chart}>
        <TimeChart
          title="Events per minute: accepted, and of them totalled"
          {...ledgerSeries(minutes, span, toMs)}
          kind="bars"
          format={count}
          height={120}
        />
      </div>
      {newest.length === 0 ? (
        <p className={styles.quiet}>Nothing was accepted in this time.</p>
      ) : (
        <Table
          label="Minutes of the ledger"
          rows={isWhole ? newest : newest.slice(0, LISTED)}
          keyOf={({ at }) => at}
          columns={[
            { name: 'Minute', cell: ({ at }) => minuteOf(Date.parse(at)) },
            { name: 'Accepted', kind: 'figure', cell: ({ accepted }) => wholeCount(accepted) },
            { name: 'Logged', kind: 'figure', cell: ({ logged }) => wholeCount(logged) },
            { name: 'Stored', kind: 'figure', cell: ({ stored }) => wholeCount(stored) },
            { name: 'Totalled', kind: 'figure', cell: ({ totalled }) => wholeCount(totalled) },
            {
              name: 'Gaps',
              cell: (minute) => {
                const named = minuteGaps(minute);
                return named.length === 0 ? (
                  <span className="quiet">none</span>
                ) : (
                  <b className="bad">{named.join('; ')}</b>
                );
              },
            },
            { name: 'Also logged', cell: (minute) => <span className="quiet">{minuteExtras(minute)}</span> },
          ]}
        />
      )}
      {newest.length > LISTED && (
        <p className={styles.quiet}>
          <Button kind="quiet" onClick={() => setWhole(!isWhole)}>
            {isWhole ? `Only the last ${LISTED}` : `All ${newest.length} minutes`}
          </Button>
        </p>
      )}
    </>
  );
}

/** What the log itself no longer has. */
function Lost({ gaps }: { readonly gaps: LedgerAnswer['gaps'] }) {
  return (
    <div role="alert" className={styles.lost}>
      <h3>The log has lost events</h3>
      <ul>
        {gaps.map(({ partition, from, through, found_at: foundAt, reason }) => (
          <li key={`${partition}:${from}`}>
            Partition {partition}, {from === through ? `place ${from}` : `places ${from} to ${through}`}, found{' '}
            <When at={foundAt} />: {visibleText(reason)}
          </li>
        ))}
      </ul>
    </div>
  );
}

function AuditResult({ audit: { at, clean, settled, partitions } }: { readonly audit: LedgerAudit }) {
  const waiting = partitions.reduce((sum, { logged, applied }) => sum + Math.max(0, logged - applied), 0);
  const named = partitions.flatMap(({ partition, differences, losses }) =>
    [...differences, ...losses].map((text) => `Partition ${partition}: ${visibleText(text)}`),
  );
  return (
    <div role="status" className={clean ? styles.clean : styles.lost}>
      <h3>
        {clean ? 'Everything adds up: accepted = logged = stored = totalled' : 'It does not add up'}
        {clean && !settled && `, but for ${wholeCount(waiting)} events that are on their way`}
      </h3>
      <p className="quiet">
        Compared <When at={at} />, {partitions.length === 1 ? 'one partition' : `${partitions.length} partitions`}.
      </p>
      {named.length > 0 && (
        <ul>
          {named.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
