import { useDeferredValue, useState } from 'react';
import { count } from '../../../format/count.ts';
import { Button } from '../../../ui/button.tsx';
import { Section } from '../../../ui/page.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { Select } from '../../../ui/select.tsx';
import { TableSwitch } from '../../../ui/table-switch.tsx';
import { NoSessions } from '../no-sessions.tsx';
import styles from '../patterns.module.css';
import { DEPTHS, LEVELS, MERGES, readPatternsSearch } from '../patterns-search.ts';
import type { ViewProps } from '../view-props.ts';
import { ViewState } from '../view-state.tsx';
import { FlowDrawing } from './flow-drawing.tsx';
import { FlowTable } from './flow-table.tsx';
import type { Flow } from './lay-out-flow.ts';
import { LoopsTable } from './loops-table.tsx';
import { useFlow } from './use-flow.ts';

/** From which step to which, position by position. */
export function FlowView({ asked, search, change }: ViewProps) {
  const options = readPatternsSearch(search);
  const { query, changedSince, cancel } = useFlow(asked, options);
  const [isTable, setTable] = useState(false);
  const flow = useDeferredValue(query.data);
  return (
    <>
      <Section
        title="From step to step"
        actions={
          <>
            <ViewState query={query} changedSince={changedSince} cancel={cancel} />
            <div className={styles.options}>
              <Select
                label="Steps shown"
                value={options.depth}
                options={DEPTHS.map((depth) => [depth, `${depth} steps`])}
                onChange={(depth) => change({ depth }, { replace: true })}
              />
              <Select
                label="Parts of paths"
                value={options.levels}
                options={LEVELS.map((levels) => [levels, LEVEL_NAMES[levels]])}
                onChange={(levels) => change({ levels }, { replace: true })}
              />
              <Select
                label="Rare paths"
                value={options.merge}
                options={MERGES.map((merge) => [merge, `Paths of ≥ ${Number(merge) * 100}%`])}
                onChange={(merge) => change({ merge }, { replace: true })}
              />
              <Button
                aria-pressed={options.repeats}
                onClick={() => change({ repeats: options.repeats ? undefined : 'each' }, { replace: true })}
              >
                Each repeat is a step
              </Button>
              <TableSwitch of="Flow" isTable={isTable} onChange={setTable} />
            </div>
          </>
        }
      >
        <QueryView query={query} failure="The flow could not be read" lines={14}>
          {() =>
            flow && (
              <div className={query.isPlaceholderData ? styles.waiting : undefined} aria-busy={query.isPlaceholderData}>
                {flow.nodes.length === 0 && flow.sessions_without_steps === 0 ? (
                  <NoSessions search={search} change={change} />
                ) : (
                  <>
                    <Notes flow={flow} />
                    {isTable ? <FlowTable flow={flow} asked={asked} /> : <FlowDrawing flow={flow} asked={asked} />}
                  </>
                )}
              </div>
            )
          }
        </QueryView>
      </Section>
      {query.data && query.data.loops.length > 0 && (
        <Section title="Loops">
          <LoopsTable flow={query.data} asked={asked} />
        </Section>
      )}
    </>
  );
}

const LEVEL_NAMES = { all: 'Whole paths', '1': 'First part', '2': 'First 2 parts', '3': 'First 3 parts' } as const;

function Notes({
  flow: { sessions, sessions_without_steps: without, truncated_sessions: truncated },
}: {
  readonly flow: Flow;
}) {
  return (
    <p className={styles.notes}>
      <span>
        {count(sessions - without)} session{sessions - without === 1 ? '' : 's'}
      </span>
      {truncated > 0 && <span>{count(truncated)} go on after what is shown</span>}
      {without > 0 && <span className="warn">{count(without)} left out: recorded before steps were kept</span>}
    </p>
  );
}
