import { ArrowDown, ArrowUp, X } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { api, dataOf, type Schemas } from '../../../api/client.ts';
import { count, percent } from '../../../format/count.ts';
import { pathColour } from '../../../format/path-colour.ts';
import { visibleText } from '../../../format/visible-text.ts';
import { askedBody } from '../../../search/asked-sessions.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { type Choice, Combobox } from '../../../ui/combobox.tsx';
import { Section } from '../../../ui/page.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { Select } from '../../../ui/select.tsx';
import { Empty, Skeleton } from '../../../ui/states.tsx';
import { BehindLink } from '../behind/behind-link.tsx';
import { sessionsWord } from '../flow/flow-words.ts';
import { mainWay } from '../flow/main-way.ts';
import { useFlow } from '../flow/use-flow.ts';
import { NoSessions } from '../no-sessions.tsx';
import { usePaths } from '../paths/use-paths.ts';
import styles from '../patterns.module.css';
import { readPatternsSearch } from '../patterns-search.ts';
import { useViewQuery } from '../use-view-query.ts';
import type { ViewProps } from '../view-props.ts';
import { ViewState } from '../view-state.tsx';
import { type FunnelStep, moveStep, readSteps, STEPS_MAX, STEPS_MIN, writeSteps } from './funnel-steps.ts';
import own from './funnel-view.module.css';

/** How many get from a step to the next, and where they stop. Until one chooses steps: the way that most take. */
export function FunnelView({ asked, search, change }: ViewProps) {
  const chosen = useMemo(() => readSteps(search.steps), [search.steps]);
  const { foldPaths } = readPatternsSearch(search);
  const flow = useFlow(asked, readPatternsSearch({ fold: search.fold }), chosen === undefined);
  const suggested = useMemo(
    () => (flow.query.data ? mainWay(flow.query.data).map((path): FunnelStep => ({ path, match: 'equals' })) : []),
    [flow.query.data],
  );
  const steps = chosen ?? suggested;
  const { query, changedSince, cancel } = useFunnel(asked, steps, foldPaths);
  const paths = usePaths(asked, 'sessions', foldPaths).query.data?.paths ?? [];
  const choices: Choice[] = paths.map(({ path, sessions }) => ({
    value: path,
    label: visibleText(path),
    note: sessionsWord(sessions),
  }));
  const set = (next: readonly FunnelStep[]) => change({ steps: writeSteps(next) }, { replace: true });
  const measured = query.data && !query.isPlaceholderData && steps.length >= STEPS_MIN ? query.data : undefined;
  const isWaiting = chosen === undefined && flow.query.data === undefined && flow.query.error === null;
  return (
    <Section
      title="From step to step, and where they stop"
      actions={
        <>
          <ViewState query={query} changedSince={changedSince} cancel={cancel} />
          <div className={styles.options}>
            {chosen === undefined && steps.length > 0 && <span className="quiet">The way that most take</span>}
            {chosen !== undefined && (
              <Button kind="quiet" onClick={() => change({ steps: undefined }, { replace: true })}>
                The way that most take
              </Button>
            )}
          </div>
        </>
      }
    >
      {isWaiting ? (
        <Skeleton lines={6} />
      ) : (
        <ol className={own.steps} aria-label="Steps of the funnel">
          {steps.map((step, at) => (
            <StepRow
              // biome-ignore lint/suspicious/noArrayIndexKey: the same path may be there twice
              key={at}
              at={at}
              step={step}
              last={steps.length - 1}
              choices={choices}
              measured={measured?.steps[at]}
              asked={asked}
              onChange={(changed) => set(steps.with(at, changed))}
              onMove={(to) => set(moveStep(steps, at, to))}
              onRemove={() => set(steps.toSpliced(at, 1))}
            />
          ))}
          <li className={own.add}>
            <Combobox
              label="Add a step"
              value={undefined}
              placeholder={steps.length === 0 ? 'Choose the first step' : 'Add a step'}
              choices={choices}
              takesOther
              none="No paths here. Type one."
              onChange={(path) => steps.length < STEPS_MAX && set([...steps, { path, match: 'equals' }])}
            />
          </li>
        </ol>
      )}
      {steps.length < STEPS_MIN && !isWaiting ? (
        <Empty title="A funnel takes two steps or more">
          <p>Add the steps in the order in which sessions should take them. Others may lie between them.</p>
        </Empty>
      ) : (
        steps.length >= STEPS_MIN && (
          <QueryView query={query} failure="The funnel could not be read" lines={2}>
            {(funnel) =>
              funnel.sessions === 0 ? <NoSessions search={search} change={change} /> : <FunnelNotes funnel={funnel} />
            }
          </QueryView>
        )
      )}
    </Section>
  );
}

function useFunnel(asked: ViewProps['asked'], steps: readonly FunnelStep[], foldPaths: boolean) {
  return useViewQuery(
    ['funnel', asked, steps, foldPaths],
    (signal) => {
      const { search: _, ...selection } = askedBody(asked, Date.now());
      const body = { ...selection, steps: [...steps], foldPaths };
      return dataOf(api().POST('/v1/session/funnel/query', { body, signal }));
    },
    steps.length >= STEPS_MIN,
  );
}

type Funnel = Schemas['SessionFunnel'];

function FunnelNotes({ funnel }: { readonly funnel: Funnel }) {
  const { sessions, sessions_without_steps: without, truncated_sessions: truncated, steps } = funnel;
  const known = sessions - without;
  const through = steps.at(-1)?.sessions ?? 0;
  return (
    <p className={own.notes}>
      <span>
        {sessionsWord(through)} of {count(known)} took all {steps.length} steps:{' '}
        {percent(known === 0 ? 0 : through / known)}.
      </span>
      {truncated > 0 && <span className="warn"> {count(truncated)} have more steps than are kept.</span>}
      {without > 0 && <span className="warn"> {count(without)} left out: recorded before steps were kept.</span>}
    </p>
  );
}

interface StepRowProps {
  /** From 0 on. */
  readonly at: number;
  readonly last: number;
  readonly step: FunnelStep;
  readonly choices: readonly Choice[];
  readonly measured: Funnel['steps'][number] | undefined;
  readonly asked: ViewProps['asked'];
  readonly onChange: (step: FunnelStep) => void;
  readonly onMove: (to: number) => void;
  readonly onRemove: () => void;
}

function StepRow({ at, last, step, choices, measured, asked, onChange, onMove, onRemove }: StepRowProps) {
  const name = `step ${at + 1}, ${step.path}`;
  const dropped = measured && `−${sessionsWord(measured.dropped)} (${percent(1 - measured.share_of_previous)})`;
  return (
    <li className={own.step} aria-label={`Step ${at + 1}: ${step.path}`}>
      <div className={own.edit}>
        <span className={own.number}>{at + 1}</span>
        <Combobox
          label={`Path of step ${at + 1}`}
          value={step.path}
          text={visibleText(step.path)}
          choices={choices}
          takesOther
          onChange={(path) => onChange({ ...step, path })}
        />
        <Select
          label={`What counts as step ${at + 1}`}
          value={step.match}
          options={[
            ['equals', 'exactly'],
            ['prefix', 'or below'],
          ]}
          onChange={(match) => onChange({ ...step, match })}
        />
        <span className={own.tools}>
          <IconButton
            label={`Move up ${name}`}
            icon={<ArrowUp size={14} aria-hidden />}
            disabled={at === 0}
            onClick={() => onMove(at - 1)}
          />
          <IconButton
            label={`Move down ${name}`}
            icon={<ArrowDown size={14} aria-hidden />}
            disabled={at === last}
            onClick={() => onMove(at + 1)}
          />
          <IconButton label={`Remove ${name}`} icon={<X size={14} aria-hidden />} onClick={onRemove} />
        </span>
      </div>
      {measured ? (
        <>
          <div className={own.track} aria-hidden>
            <div
              className={own.bar}
              style={{ width: `${measured.share_of_first * 100}%`, background: pathColour(step.path) }}
            />
          </div>
          <dl className={own.figures}>
            <Figure name="reached it">
              <BehindLink
                asked={{ ...asked, pattern: measured.reached_pattern }}
                aria-label={`${sessionsWord(measured.sessions)} reached ${name}`}
              >
                {sessionsWord(measured.sessions)}
              </BehindLink>
            </Figure>
            <Figure name="of the first">{percent(measured.share_of_first)}</Figure>
            <Figure name={at === 0 ? 'of all' : 'of the step before'}>{percent(measured.share_of_previous)}</Figure>
            <Figure name={at === 0 ? 'never took it' : 'stopped before it'}>
              {measured.dropped === 0 ? (
                <span className="faint">none</span>
              ) : (
                <BehindLink
                  asked={{ ...asked, pattern: measured.dropped_pattern }}
                  aria-label={`${dropped}: ${at === 0 ? 'never took' : 'stopped before'} ${name}`}
                >
                  {dropped}
                </BehindLink>
              )}
            </Figure>
          </dl>
        </>
      ) : (
        <div className={own.track} aria-hidden />
      )}
    </li>
  );
}

function Figure({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
