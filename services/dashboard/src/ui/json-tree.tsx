import { useMemo } from 'react';
import { JsonView } from 'react-json-view-lite';
import { visibleText } from '../format/visible-text.ts';
import styles from './json-tree.module.css';

const STYLE = {
  container: styles.tree!,
  basicChildStyle: styles.child!,
  label: styles.label!,
  clickableLabel: styles.label!,
  nullValue: styles.word!,
  undefinedValue: styles.word!,
  numberValue: styles.number!,
  stringValue: styles.string!,
  booleanValue: styles.word!,
  otherValue: styles.word!,
  punctuation: styles.punctuation!,
  expandIcon: styles.expand!,
  collapseIcon: styles.collapse!,
  collapsedContent: styles.collapsed!,
  childFieldsContainer: styles.fields!,
  noQuotesForStringValues: false,
  quotesForFieldNames: false,
  ariaLables: { collapseJson: 'Fold', expandJson: 'Unfold' },
  stringifyStringValues: false,
};

/** Levels that are open at first. */
const OPEN_LEVELS = 2;

/** JSON of moderate size, to unfold. */
export function JsonTree({ label, value }: { readonly label: string; readonly value: object }) {
  const shown = useMemo(() => visible(value) as object, [value]);
  return <JsonView data={shown} style={STYLE} shouldExpandNode={(level) => level < OPEN_LEVELS} aria-label={label} />;
}

/** The same with nothing in its texts that acts. Built of pairs: names are somebody's data. */
function visible(value: unknown): unknown {
  if (typeof value === 'string') return visibleText(value);
  if (Array.isArray(value)) return value.map(visible);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [visibleText(name), visible(member)]));
}
