import { Link } from '@tanstack/react-router';
import { wholeCount } from '../../../format/count.ts';
import { duration } from '../../../format/duration.ts';
import { money } from '../../../format/money.ts';
import { visibleText } from '../../../format/visible-text.ts';
import { whyUnopenable } from '../../../search/why-unopenable.ts';
import { DiffLink } from '../../../ui/diff-link.tsx';
import { ProgressBar } from '../../../ui/progress-bar.tsx';
import { Scroller } from '../../../ui/scroller.tsx';
import { Sentence } from '../../../ui/sentence.tsx';
import { SessionLink } from '../../../ui/session-link.tsx';
import { Stat, Stats } from '../../../ui/stat.tsx';
import { statusWord } from '../steps/step-status.tsx';
import { pathLabel } from './path-choices.ts';
import styles from './replay-dialog.module.css';
import type { ReplayProgress, ReplayState, ReplayStep } from './replay-progress.ts';
import { isUnderWay, type ReplayRun } from './replay-runs.ts';

/** How a replay stands, and where it leads. */
export function RunView({ run }: { readonly run: ReplayRun }) {
  const { progress, maxCostUsd, isLost, gone } = run;
  if (!progress) {
    return gone === undefined ? (
      <ProgressBar label="Replaying" share={null} note="It begins" />
    ) : (
      <p role="alert" className="bad">
        {gone}
      </p>
    );
  }
  const { state } = progress;
  const isOver = !isUnderWay(run);
  return (
    <div className={styles.run}>
      <ProgressBar
        label={isOver ? 'Replayed' : 'Replaying'}
        share={state.steps === 0 ? 1 : state.done / state.steps}
        note={`${wholeCount(state.done)} of ${wholeCount(state.steps)} steps`}
      />
      <div className={styles.stats}>
        <RunFigures state={state} isOver={isOver} maxCostUsd={maxCostUsd} />
      </div>
      <p role="status" className={END_KINDS[state.status]}>
        {gone === undefined ? endWords(state, isLost) : ''}
      </p>
      {gone !== undefined && (
        <p role="alert" className="bad">
          It is not known how it goes on: <Sentence text={gone} />
        </p>
      )}
      {isOver && state.done > 0 && <Made state={state} />}
      <RunSteps progress={progress} isOver={isOver} />
    </div>
  );
}

interface RunFiguresProps extends Pick<ReplayRun, 'maxCostUsd'> {
  readonly state: ReplayState;
  readonly isOver: boolean;
}

function RunFigures({ state, isOver, maxCostUsd }: RunFiguresProps) {
  const { cost, unpriced, errors, threaded, kept, replaced } = state;
  const capNote = maxCostUsd === undefined ? '' : `of ${money(maxCostUsd)} at most`;
  const unpricedNote = unpriced === 0 ? '' : `of ${wholeCount(unpriced)} more it is not known`;
  return (
    <Stats>
      <Stat
        label={isOver ? 'Cost' : 'Cost so far'}
        note={[capNote, unpricedNote].filter((note) => note !== '').join(', ') || undefined}
      >
        {money(cost)}
      </Stat>
      <Stat label="Errors">
        <span className={errors > 0 ? 'bad' : undefined}>{wholeCount(errors)}</span>
      </Stat>
      {threaded + kept > 0 && (
        <Stat label="Answers threaded" note={kept > 0 ? `${wholeCount(kept)} kept, as they would not fit` : undefined}>
          {wholeCount(threaded)}
        </Stat>
      )}
      {replaced > 0 && <Stat label="Texts replaced">{wholeCount(replaced)}</Stat>}
    </Stats>
  );
}

const END_KINDS: Readonly<Record<ReplayState['status'], string>> = {
  running: 'quiet',
  completed: 'good',
  stopped: 'warn',
  cancelled: 'warn',
  failed: 'bad',
};

function endWords({ status, reason, errors, steps }: ReplayState, isLost: boolean): string {
  const why = reason === null ? '' : `: ${visibleText(reason)}`;
  switch (status) {
    case 'running':
      return isLost
        ? 'The connection was lost. It is asked again how it goes; the replay goes on meanwhile.'
        : 'It goes on when this is closed; Replay… shows it again.';
    case 'completed':
      return errors === 0 ? 'Done.' : `Done. ${wholeCount(errors)} of ${wholeCount(steps)} steps failed.`;
    case 'stopped':
      return `Stopped${why}.`;
    case 'cancelled':
      return 'Cancelled. What was answered until then is in the new session.';
    case 'failed':
      return `Failed${why}.`;
  }
}

function Made({ state: { session_id: recorded, session_ids: ids } }: { readonly state: ReplayState }) {
  return (
    <ul className={styles.made} aria-label="New sessions">
      {ids.map((id) => (
        <li key={id}>
          <SessionLink sessionId={id}>
            {ids.length === 1 ? 'Open the new session' : `Open ${visibleText(id)}`}
          </SessionLink>
          <DiffLink a={recorded} b={id}>
            Compare with the recorded one
          </DiffLink>
        </li>
      ))}
    </ul>
  );
}

function RunSteps({ progress, isOver }: { readonly progress: ReplayProgress; readonly isOver: boolean }) {
  const { lastSteps, failures } = progress;
  return (
    <>
      {failures.length > 0 && <StepTable title="Failed" steps={failures} isOver={isOver} />}
      <StepTable title="Last steps" steps={lastSteps} isOver={isOver} />
    </>
  );
}

interface StepTableProps {
  readonly title: string;
  readonly steps: readonly ReplayStep[];
  readonly isOver: boolean;
}

function StepTable({ title, steps, isOver }: StepTableProps) {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <Scroller label={`${title}, as a table`} className={styles.running}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Step</th>
              <th scope="col">Status</th>
              <th scope="col" className="number">
                Cost
              </th>
              <th scope="col" className="number">
                Latency
              </th>
            </tr>
          </thead>
          <tbody>
            {steps.map((step) => (
              <tr key={`${step.session_id} ${step.index}`}>
                <td>
                  {step.index} <StepName step={step} isOver={isOver} />
                  {step.error !== null && <span className={`bad ${styles.note}`}>{visibleText(step.error)}</span>}
                </td>
                <td className={step.error === null ? 'quiet' : 'bad'}>
                  {step.error === null ? '' : '✕ '}
                  {step.action === 'copy' ? 'copied' : step.status === 0 ? 'no answer' : statusWord(step.status)}
                </td>
                <td className="number">{step.action === 'copy' ? '' : money(step.cost)}</td>
                <td className="number">{duration(step.latency_ms)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
    </section>
  );
}

/** Leads to its new request, once the whole session is there to lead to. */
function StepName({ step, isOver }: { readonly step: ReplayStep; readonly isOver: boolean }) {
  const { session_id: sessionId, request_id: request, path } = step;
  const name = <bdi>{pathLabel(path)}</bdi>;
  if (!isOver || request === null || whyUnopenable(sessionId) !== undefined) return name;
  return (
    <Link to="/sessions/$sessionId" params={{ sessionId }} search={{ request }}>
      {name}
    </Link>
  );
}
