import { ArrowLeftRight } from 'lucide-react';
import { visibleText } from '../../format/visible-text.ts';
import { Button } from '../../ui/button.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { BehindDialog } from '../patterns/behind/behind-dialog.tsx';
import { FeaturesTable } from '../patterns/contrast/features-table.tsx';
import type { Groups } from '../patterns/contrast/groups.ts';
import { readKind } from '../patterns/contrast/kinds.ts';
import { MetricsTable } from '../patterns/contrast/metrics-table.tsx';
import { type Contrast, useGroupsContrast } from '../patterns/contrast/use-contrast.ts';
import { ViewState } from '../patterns/view-state.tsx';
import styles from './compare.module.css';
import { GroupEditor } from './group-editor.tsx';
import { askedOfGroup, type GroupSpec, groupWords, readGroups, writeGroup } from './group-spec.ts';
import { PathsCompared } from './paths-compared.tsx';
import { Presets } from './presets.tsx';
import { useCompareChange } from './use-compare-change.ts';

interface CompareGroupsProps {
  readonly search: Readonly<Record<string, string | undefined>>;
}

/** Two groups of sessions side by side: what they come to, their paths, and in what else they differ. */
export function CompareGroups({ search }: CompareGroupsProps) {
  const change = useCompareChange();
  const specs = readGroups(search);
  const set = ({ a, b }: { readonly a: GroupSpec; readonly b: GroupSpec }) =>
    change({ a: writeGroup(a), b: writeGroup(b), range: undefined });
  const { a, b } = { a: askedOfGroup(specs.a), b: askedOfGroup(specs.b) };
  const { query, changedSince, cancel } = useGroupsContrast(a, b, true);
  const answer = query.isPlaceholderData ? undefined : query.data;
  const groups: Groups = {
    a: { name: 'A', asked: a, sessions: answer?.a.sessions ?? 0 },
    b: { name: 'B', asked: b, sessions: answer?.b.sessions ?? 0 },
  };
  return (
    <Page
      title="Compare"
      about={<ViewState query={query} changedSince={changedSince} cancel={cancel} />}
      actions={
        <>
          <Button onClick={() => set({ a: specs.b, b: specs.a })}>
            <ArrowLeftRight size={14} aria-hidden />
            Swap A and B
          </Button>
          <Presets specs={specs} onChoose={set} />
        </>
      }
    >
      <div className={styles.groups}>
        <GroupEditor
          name="A"
          spec={specs.a}
          asked={a}
          sessions={answer?.a.sessions}
          onChange={(next) => set({ ...specs, a: next })}
        />
        <GroupEditor
          name="B"
          spec={specs.b}
          asked={b}
          sessions={answer?.b.sessions}
          onChange={(next) => set({ ...specs, b: next })}
        />
      </div>
      <QueryView query={query} failure="The groups could not be compared" lines={12}>
        {(contrast) => (
          <div className={query.isPlaceholderData ? styles.waiting : undefined} aria-busy={query.isPlaceholderData}>
            <Difference
              contrast={contrast}
              groups={groups}
              specs={specs}
              kind={search.kind}
              onKind={(kind) => change({ kind: kind === 'all' ? undefined : kind }, true)}
            />
          </div>
        )}
      </QueryView>
      <BehindDialog behind={search.behind} />
    </Page>
  );
}

interface DifferenceProps {
  readonly contrast: Contrast;
  readonly groups: Groups;
  readonly specs: { readonly a: GroupSpec; readonly b: GroupSpec };
  readonly kind: string | undefined;
  readonly onKind: (kind: ReturnType<typeof readKind>) => void;
}

function Difference({ contrast: { a, b, metrics, features }, groups, specs, kind, onKind }: DifferenceProps) {
  if (a.sessions === 0 || b.sessions === 0) {
    const none = a.sessions === 0 ? (b.sessions === 0 ? 'Neither group' : 'Group A') : 'Group B';
    return (
      <Empty title={`${none} has ${none === 'Neither group' ? 'any' : 'no'} sessions`}>
        <p>
          A is {visibleText(groupWords(specs.a))}. B is {visibleText(groupWords(specs.b))}. Choose longer times, or ask
          for less.
        </p>
      </Empty>
    );
  }
  return (
    <>
      <Section title="Figures per session">
        <p className={styles.note}>
          Mean, and below it median · 95th percentile (nearest rank). The difference is A minus B.
        </p>
        <MetricsTable groups={groups} metrics={metrics} />
      </Section>
      <Section title="Paths">
        <PathsCompared groups={groups} />
      </Section>
      <Section title="In what else they differ">
        <FeaturesTable groups={groups} features={features} kind={readKind(kind)} onKind={onKind} />
      </Section>
    </>
  );
}
