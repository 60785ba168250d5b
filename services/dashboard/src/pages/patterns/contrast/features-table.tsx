import { useState } from 'react';
import { percent } from '../../../format/count.ts';
import { visibleText } from '../../../format/visible-text.ts';
import type { AskedSessions } from '../../../search/asked-sessions.ts';
import { allOf, type Filter } from '../../../search/filter-param.ts';
import { Button } from '../../../ui/button.tsx';
import { PathName } from '../../../ui/path-name.tsx';
import { Segments } from '../../../ui/segments.tsx';
import { ShareBar } from '../../../ui/share-bar.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import { BehindLink } from '../behind/behind-link.tsx';
import { sessionsWord } from '../flow/flow-words.ts';
import styles from './contrast.module.css';
import { isTooFew, mayBeChance, oftenWords, SIZE_WORDS, shareSize } from './effect-words.ts';
import type { Group, Groups } from './groups.ts';
import { KINDS, type Kind } from './kinds.ts';
import { signedPoints } from './metric-words.ts';
import type { Feature } from './use-contrast.ts';

interface FeaturesTableProps {
  readonly groups: Groups;
  readonly features: readonly Feature[];
  readonly kind: Kind;
  readonly onKind: (kind: Kind) => void;
}

/** Rows shown at first. */
const ROWS = 20;

/** What sessions of one group have more or less often than those of the other, largest difference first. */
export function FeaturesTable({ groups: { a, b }, features, kind, onKind }: FeaturesTableProps) {
  const [isWhole, setWhole] = useState(false);
  const kinds = new Set(features.map((feature) => feature.kind));
  const found = features.filter((feature) => kind === 'all' || feature.kind === kind);
  const rows = isWhole ? found : found.slice(0, ROWS);
  const columns: readonly Column<Feature>[] = [
    { name: 'What', kind: 'name', cell: (feature) => <FeatureName feature={feature} /> },
    { name: visibleText(a.name), cell: (feature) => <Having feature={feature} having={feature.a} group={a} /> },
    { name: visibleText(b.name), cell: (feature) => <Having feature={feature} having={feature.b} group={b} /> },
    { name: 'In words', cell: (feature) => oftenWords(feature.a.share, feature.b.share) },
    {
      name: 'Difference',
      kind: 'figure',
      cell: ({ difference }) => signedPoints(difference),
    },
    { name: 'With its 95% interval', cell: (feature) => <IntervalBar {...feature} /> },
    {
      name: 'Size',
      cell: ({ effect, interval }) => (
        <>
          {isTooFew(Math.min(a.sessions, b.sessions)) ? 'too few sessions' : SIZE_WORDS[shareSize(effect)]}
          {mayBeChance(interval) && <span className="quiet">; may be chance</span>}
        </>
      ),
    },
  ];
  return (
    <>
      <div className={styles.kinds}>
        <Segments
          label="Kind of difference"
          value={kind}
          options={[
            ['all', 'All'] as const,
            ...KINDS.filter(([one]) => kinds.has(one)).map(([one, , several]) => [one, several] as const),
          ]}
          onChange={onKind}
        />
      </div>
      <Table
        label={`What differs between ${a.name} and ${b.name}, largest difference first`}
        columns={columns}
        rows={rows}
        keyOf={keyOf}
      />
      {found.length > rows.length && (
        <div className={styles.more}>
          <Button onClick={() => setWhole(true)}>Show all {found.length}</Button>
        </div>
      )}
    </>
  );
}

function keyOf({ kind, key, value }: Feature): string {
  return JSON.stringify([kind, key, value]);
}

function FeatureName({ feature: { kind, key, value } }: { readonly feature: Feature }) {
  if (kind === 'path') return <PathName path={value} />;
  const name = key ?? KINDS.find(([one]) => one === kind)?.[1] ?? kind;
  return (
    <>
      <span className="quiet">{visibleText(name)}</span> <bdi>{value === '' ? 'none' : visibleText(value)}</bdi>
    </>
  );
}

interface HavingProps {
  readonly feature: Feature;
  readonly having: Feature['a'];
  readonly group: Group;
}

function Having({ feature, having, group }: HavingProps) {
  if (having.sessions === 0) return <ShareBar share={having.share} />;
  const what = `${feature.kind} ${feature.key ?? ''} ${feature.value}`;
  return (
    <BehindLink
      asked={withFeature(group.asked, feature)}
      aria-label={`${group.name}: ${sessionsWord(having.sessions)} with ${what}, ${percent(having.share)}`}
    >
      <ShareBar share={having.share} />
    </BehindLink>
  );
}

/** Sessions of a group that have it. */
function withFeature(asked: AskedSessions, { filter, pattern }: Feature): AskedSessions {
  return {
    ...asked,
    filter: allOf(asked.filter, filter as Filter | null),
    ...(pattern && { pattern }),
  };
}

/** From −100 to 100 percentage points: where the difference may lie, and where it was found. */
function IntervalBar({ difference, interval: [from = 0, to = 0] }: Pick<Feature, 'difference' | 'interval'>) {
  const at = (share: number) => `${(share + 1) * 50}%`;
  return (
    <span className={styles.interval} aria-hidden>
      <span className={styles.zero} />
      <span className={styles.reach} style={{ left: at(from), width: `${(to - from) * 50}%` }} />
      <span className={styles.found} style={{ left: at(difference) }} />
    </span>
  );
}
