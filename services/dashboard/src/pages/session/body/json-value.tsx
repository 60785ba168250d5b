import { parseJson, printed } from '@throughline/conversation/json-values';
import { Suspense, useMemo } from 'react';
import { lazyPart } from '../../../ui/lazy-part.ts';
import { LongText } from '../../../ui/long-text.tsx';

const JsonTree = lazyPart(() => import('../../../ui/json-tree.tsx').then((part) => part.JsonTree));

/** Larger JSON is shown as text, which folds, and of which only what is in sight is laid out. */
const TREE_CHARS_MAX = 50_000;

/** JSON that others wrote: a tree to unfold, or text; a text that holds JSON is read as that. */
export function JsonValue({ label, value: given }: { readonly label: string; readonly value: unknown }) {
  const value = useMemo(() => (typeof given === 'string' ? parsedText(given) : given), [given]);
  const text = useMemo(() => printed(value), [value]);
  if (typeof value === 'string') return <LongText text={value} kind="prose" />;
  if (typeof value !== 'object' || value === null || text.length > TREE_CHARS_MAX) {
    return <LongText text={text} kind="code" />;
  }
  return (
    <Suspense fallback={<LongText text={text} kind="code" />}>
      <JsonTree label={label} value={value} />
    </Suspense>
  );
}

function parsedText(text: string): unknown {
  const value = /^\s*[[{]/.test(text) ? parseJson(text) : undefined;
  return value === undefined ? text : value;
}
