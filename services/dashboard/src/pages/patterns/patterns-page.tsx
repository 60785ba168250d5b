import { createLazyRoute, Link, useNavigate, useSearch } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { treeWords } from '../../search/filter/filter-words.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { RangePicker } from '../../ui/range-picker.tsx';
import { Segments } from '../../ui/segments.tsx';
import { BehindDialog } from './behind/behind-dialog.tsx';
import { ContrastView } from './contrast/contrast-view.tsx';
import { FlowView } from './flow/flow-view.tsx';
import { FunnelView } from './funnel/funnel-view.tsx';
import { NamePicker, useSessionNames } from './name-picker.tsx';
import { PathsView } from './paths/paths-view.tsx';
import styles from './patterns.module.css';
import { askedOf, readPatternsSearch, type Search, VIEWS } from './patterns-search.ts';
import type { ViewProps } from './view-props.ts';

export const patternsRoute = createLazyRoute('/signed-in/patterns')({ component: PatternsPage });

function PatternsPage() {
  const search = useSearch({ from: '/signed-in/patterns' });
  const navigate = useNavigate({ from: '/patterns' });
  const { range, filter } = search;
  const { name, isAnyName, view, foldPaths } = readPatternsSearch(search);
  // The same sessions are the same object: what is drawn of them is not drawn anew.
  const asked = useMemo(() => askedOf({ name, range, filter }), [name, range, filter]);
  const change = (changed: Search, { replace = false } = {}) =>
    void navigate({ search: (prev) => ({ ...prev, ...changed }), replace, resetScroll: false });
  const names = useSessionNames('');
  const latest = names.data?.[0]?.name;
  const isChosen = name !== undefined || isAnyName;
  // The link that is copied says which sessions it is about.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once there is a name to choose
  useEffect(() => {
    if (isChosen || names.data === undefined) return;
    change(latest === undefined ? { names: 'any' } : { name: latest }, { replace: true });
  }, [isChosen, names.data]);
  const setName = (next: string | undefined) =>
    change({ name: next, names: next === undefined ? 'any' : undefined, steps: undefined });
  return (
    <Page
      title="Patterns"
      about={<NamePicker label="Name of the sessions" name={name} onChange={setName} />}
      actions={
        <>
          <Link to="/compare" search={{ ...(range !== undefined && { range }) }}>
            Compare two groups
          </Link>
          <RangePicker value={range} onChange={(next) => change({ range: next })} />
        </>
      }
    >
      <div className={styles.bar}>
        <Segments label="View" value={view} options={VIEWS} onChange={(next) => change({ view: next })} />
        <Button
          kind="quiet"
          aria-pressed={foldPaths}
          onClick={() => change({ fold: foldPaths ? 'off' : undefined }, { replace: true })}
        >
          Numbers and ids in paths as one
        </Button>
        {asked.filter && (
          <span className={styles.filter}>
            <span className="truncate">Only where {treeWords(asked.filter)}</span>
            <IconButton
              label="Clear the filter"
              icon={<X size={14} aria-hidden />}
              onClick={() => change({ filter: undefined })}
            />
          </span>
        )}
      </div>
      {isChosen ? (
        <ChosenView asked={asked} search={search} change={change} />
      ) : (
        <QueryView query={names} failure="The names of sessions could not be read">
          {() => null}
        </QueryView>
      )}
      <BehindDialog behind={search.behind} />
    </Page>
  );
}

function ChosenView(props: ViewProps) {
  switch (readPatternsSearch(props.search).view) {
    case 'flow':
      return <FlowView {...props} />;
    case 'funnel':
      return <FunnelView {...props} />;
    case 'paths':
      return <PathsView {...props} />;
    case 'contrast':
      return <ContrastView {...props} />;
  }
}
