import { useQuery } from '@tanstack/react-query';
import { type RefObject, useDeferredValue, useEffect, useState } from 'react';
import { api, dataOf, type Schemas } from '../../../api/client.ts';
import { wholeCount } from '../../../format/count.ts';
import { visibleText } from '../../../format/visible-text.ts';
import { choicesOf, withChoices } from '../../../search/filter/filter-choices.ts';
import type { Filter } from '../../../search/filter/filter-node.ts';
import { TextField } from '../../../ui/field.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { type Picture, pictureKey, selectionOf, windowOf } from '../list-picture.ts';
import { QUICK_VIEWS } from '../quick-views.ts';
import type { ChangePicture } from '../use-picture.ts';
import styles from './facet-panel.module.css';
import {
  FACET_SPECS,
  type FacetSpec,
  filterValue,
  OWN_PROPERTIES,
  propertyFacet,
  RANGE_SPECS,
  type RangeSpec,
  valueLabel,
} from './facet-specs.ts';
import { RangeFacet } from './range-facet.tsx';

interface FacetPanelProps {
  readonly picture: Picture;
  readonly change: ChangePicture;
  /** The rows come first: nothing is counted before. */
  readonly isReady: boolean;
  /** They could not be had, so that nothing is counted. */
  readonly isFailed: boolean;
  /** What `f` goes to. */
  readonly first: RefObject<HTMLButtonElement | null>;
  /** They were asked for before they were there. */
  readonly takesFocus: RefObject<boolean>;
  /** Counts are read anew when it changes. */
  readonly asOf: number;
}

/** Values beside each facet until more are asked for, and then. */
const VALUES = 8;
const VALUES_MORE = 100;

/** What the list can be narrowed by, with how many sessions each choice has. */
export function FacetPanel({ picture, change, isReady, isFailed, first, takesFocus, asOf }: FacetPanelProps) {
  useEffect(() => {
    if (takesFocus.current) first.current?.focus();
    takesFocus.current = false;
  }, [takesFocus, first]);
  const query = useQuery({
    queryKey: ['session-facets', pictureKey(picture), asOf],
    enabled: isReady,
    queryFn: ({ signal }) =>
      facetsOf(
        picture,
        {
          facets: [
            ...FACET_SPECS.map(({ facet }) => ({ facet, limit: VALUES })),
            { facet: 'property_keys' as const, limit: VALUES + OWN_PROPERTIES.size },
          ],
          ranges: RANGE_SPECS.map(({ range }) => range),
        },
        signal,
      ),
  });
  return (
    <div className={styles.panel}>
      <section className={styles.facet} aria-label="Quick views">
        {QUICK_VIEWS.map(({ label, about, isOn, toggled }, index) => (
          <button
            key={label}
            type="button"
            ref={index === 0 ? first : undefined}
            className={styles.quick}
            aria-pressed={isOn(picture)}
            title={about}
            onClick={() => change(toggled(picture))}
          >
            {label}
          </button>
        ))}
      </section>
      {isFailed && (query.data === undefined || query.isPlaceholderData) ? (
        <p className={`quiet ${styles.facet}`}>Counted once the sessions can be read.</p>
      ) : (
        <QueryView query={query} failure="What there is to filter by could not be counted" lines={24}>
          {({ facets, ranges }) => (
            <>
              {FACET_SPECS.map((spec, index) => (
                <Facet
                  key={spec.facet}
                  spec={spec}
                  counted={facets[index]}
                  picture={picture}
                  change={change}
                  asOf={asOf}
                />
              ))}
              {RANGE_SPECS.map((spec) => (
                <RangeFacet
                  key={spec.range}
                  spec={spec}
                  spread={ranges[spec.range] ?? null}
                  filter={picture.filter}
                  onChange={(filter) => change({ filter })}
                />
              ))}
              <Properties counted={facets.at(-1)} picture={picture} change={change} asOf={asOf} />
            </>
          )}
        </QueryView>
      )}
    </div>
  );
}

function facetsOf(
  picture: Picture,
  asked: { readonly facets: AskedFacet[]; readonly ranges?: RangeSpec['range'][] },
  signal: AbortSignal,
) {
  const body = { ...selectionOf(picture, windowOf(picture, Date.now())), ...asked };
  return dataOf(api().POST('/v1/session/facets/query', { body, signal }));
}

interface AskedFacet {
  readonly facet: FacetSpec['facet'];
  readonly property?: string;
  readonly limit: number;
  readonly contains?: string;
}

interface FacetProps {
  readonly spec: FacetSpec;
  /** Of the whole selection, where it is known. */
  readonly counted: Schemas['SessionFacet'] | undefined;
  readonly picture: Picture;
  readonly change: ChangePicture;
  readonly asOf: number;
}

function Facet({ spec, counted, picture, change, asOf }: FacetProps) {
  const { facet, property, title, asked } = spec;
  const chosen = choicesOf(picture.filter, asked);
  const finding = useFinding();
  const { isMore, contains } = finding;
  // What else could be chosen is counted without what is chosen here.
  const without: Picture = { ...picture, filter: withChoices(picture.filter, asked, []) };
  const isOwn = chosen.length > 0 || isMore || counted === undefined;
  const query = useQuery({
    queryKey: ['session-facet', pictureKey(without), facet, property, isMore, contains, asOf],
    enabled: isOwn,
    queryFn: async ({ signal }) => {
      const one = {
        facet,
        ...(property !== undefined && { property }),
        limit: isMore ? VALUES_MORE : VALUES,
        contains,
      };
      return (await facetsOf(without, { facets: [one] }, signal)).facets[0]!;
    },
  });
  const shown = isOwn ? (query.data ?? counted) : counted;
  const values = shown?.values ?? [];
  const missing = chosen.filter((value) => !values.some(({ value: text }) => filterValue(spec, text) === value));
  const isNothing = shown !== undefined && values.every(({ value }) => value === '') && chosen.length === 0;
  if (isNothing && !isMore) return null;
  const choose = (value: string | number | boolean, isOn: boolean) => {
    const others = chosen.filter((other) => other !== value);
    change({ filter: withChoices(picture.filter, asked, isOn ? [...others, value] : others) });
  };
  return (
    <section className={styles.facet} data-inner={facet === 'property'} aria-label={title}>
      <header className={styles.facetHead} hidden={facet === 'property' && chosen.length === 0}>
        <h3>{facet === 'property' ? 'Chosen' : title}</h3>
        {chosen.length > 0 && (
          <button
            type="button"
            className={styles.clear}
            aria-label={`Clear ${title}`}
            onClick={() => change({ filter: withChoices(picture.filter, asked, []) })}
          >
            Clear
          </button>
        )}
      </header>
      <FindField {...finding} label={`Find a value of ${title}`} />
      {isOwn && query.error && <p className="bad">{query.error.message}</p>}
      <ul className={styles.values}>
        {missing.map((value) => (
          <Value
            key={String(value)}
            label={valueLabel(spec, String(value))}
            isChosen
            onChoose={(isOn) => choose(value, isOn)}
          />
        ))}
        {values.map(({ value: text, sessions }) => {
          const value = filterValue(spec, text);
          return (
            <Value
              key={text}
              label={valueLabel(spec, text)}
              isNone={text === ''}
              sessions={sessions}
              isChosen={value !== undefined && chosen.includes(value)}
              onChoose={value === undefined ? undefined : (isOn) => choose(value, isOn)}
            />
          );
        })}
      </ul>
      <MoreOf {...finding} distinct={shown?.distinct ?? 0} listed={values.length} />
      {shown && shown.incomplete_sessions > 0 && (
        <p className="faint">
          {shown.incomplete_sessions === 1
            ? 'One session has values that are not kept, too many or too long, and may be missing here'
            : `${wholeCount(shown.incomplete_sessions)} sessions have values that are not kept, too many or too long, and may be missing here`}
        </p>
      )}
    </section>
  );
}

interface Finding {
  readonly isMore: boolean;
  readonly onMore: () => void;
  readonly typed: string;
  readonly onType: (text: string) => void;
  /** What is asked for, a moment behind what is typed. */
  readonly contains: string;
}

/** Whether more than the first few are listed, and what they are to contain. */
function useFinding(): Finding {
  const [isMore, setMore] = useState(false);
  const [typed, setTyped] = useState('');
  return { isMore, onMore: () => setMore(true), typed, onType: setTyped, contains: useDeferredValue(typed.trim()) };
}

function FindField({ isMore, typed, onType, label }: Finding & { readonly label: string }) {
  if (!isMore) return null;
  return <TextField label={label} placeholder="Find" value={typed} onChange={(event) => onType(event.target.value)} />;
}

/** What there is beside those that are listed. */
function MoreOf({
  isMore,
  onMore,
  distinct,
  listed,
}: Finding & { readonly distinct: number; readonly listed: number }) {
  if (distinct <= listed) return null;
  if (isMore) return <p className="faint">{wholeCount(distinct - listed)} more: type to find them</p>;
  return (
    <button type="button" className={styles.more} onClick={onMore}>
      More of {wholeCount(distinct)}
    </button>
  );
}

interface ValueProps {
  readonly label: string;
  /** It stands for those that have none. */
  readonly isNone?: boolean;
  readonly sessions?: number;
  readonly isChosen: boolean;
  /** Left out: it cannot be chosen. */
  readonly onChoose?: (isOn: boolean) => void;
}

function Value({ label, isNone, sessions, isChosen, onChoose }: ValueProps) {
  return (
    <li>
      <label className={styles.value} data-none={isNone} data-fixed={onChoose === undefined}>
        <input
          type="checkbox"
          checked={isChosen}
          disabled={onChoose === undefined}
          onChange={(event) => onChoose?.(event.target.checked)}
        />
        <bdi className="truncate" title={onChoose ? label : `${label}: no filter asks for these`}>
          {label}
        </bdi>
        {sessions !== undefined && <span className={styles.count}>{wholeCount(sessions)}</span>}
      </label>
    </li>
  );
}

interface PropertiesProps {
  /** The keys that most sessions have. */
  readonly counted: Schemas['SessionFacet'] | undefined;
  readonly picture: Picture;
  readonly change: ChangePicture;
  readonly asOf: number;
}

/** Each property key opens to its values; those that are chosen are open. */
function Properties({ counted, picture, change, asOf }: PropertiesProps) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const finding = useFinding();
  const { isMore, contains } = finding;
  const query = useQuery({
    queryKey: ['session-property-keys', pictureKey(picture), contains, asOf],
    enabled: isMore,
    queryFn: async ({ signal }) => {
      const asked = { facet: 'property_keys' as const, limit: VALUES_MORE, contains };
      return (await facetsOf(picture, { facets: [asked] }, signal)).facets[0]!;
    },
  });
  const found = isMore ? (query.data ?? counted) : counted;
  const all = found?.values.map(({ value }) => value) ?? [];
  const own = all.filter((key) => key === '' || OWN_PROPERTIES.has(key));
  const others = all.filter((key) => !own.includes(key));
  const chosen = chosenKeys(picture.filter);
  const listed = isMore ? others : others.slice(0, VALUES);
  const shown = [...new Set([...chosen, ...listed])];
  if (shown.length === 0 && !isMore) return null;
  const distinct = (found?.distinct ?? 0) - own.length;
  const toggle = (key: string) =>
    setOpen((before) => (before.has(key) ? without(before, key) : new Set([...before, key])));
  return (
    <section className={styles.facet} aria-label="Properties">
      <header className={styles.facetHead}>
        <h3>Properties</h3>
      </header>
      <FindField {...finding} label="Find a property" />
      {isMore && query.error && <p className="bad">{query.error.message}</p>}
      {shown.map((key) => {
        const isOpen = open.has(key) || chosen.includes(key);
        return (
          <div key={key}>
            <button type="button" className={styles.key} aria-expanded={isOpen} onClick={() => toggle(key)}>
              <bdi className="truncate">{visibleText(key)}</bdi>
            </button>
            {isOpen && (
              <Facet spec={propertyFacet(key)} counted={undefined} picture={picture} change={change} asOf={asOf} />
            )}
          </div>
        );
      })}
      <MoreOf {...finding} distinct={distinct} listed={listed.length} />
      {found && found.incomplete_sessions > 0 && (
        <p className="faint">
          {wholeCount(found.incomplete_sessions)} sessions have more properties than are kept and may be missing here
        </p>
      )}
    </section>
  );
}

function without(set: ReadonlySet<string>, key: string): ReadonlySet<string> {
  return new Set([...set].filter((other) => other !== key));
}

/** Property keys that the filter has choices of. */
function chosenKeys(filter: Filter): string[] {
  const keys = filter.children.flatMap((child) => {
    const [one] = child.kind === 'group' && child.operator === 'or' ? child.children : [child];
    return one?.kind === 'condition' && one.column === 'properties' && one.key !== null ? [one.key] : [];
  });
  return keys.filter((key) => choicesOf(filter, propertyFacet(key).asked).length > 0);
}
