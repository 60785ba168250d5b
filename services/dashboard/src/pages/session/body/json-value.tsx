import { lazy, Suspense, useMemo } from 'react';
import { printed } from '../../../conversation/json-values.ts';
import { LongText } from '../../../ui/long-text.tsx';

const JsonTree = lazy(() =>
  import('../../../ui/json-tree.tsx').then(({ JsonTree: component }) => ({ default: component })),
);

/** Larger JSON is shown as text, which folds, and of which only what is in sight is laid out. */
const TREE_CHARS_MAX = 50_000;

/** JSON that others wrote: a tree to unfold, or text. */
export function JsonValue({ label, value }: { readonly label: string; readonly value: unknown }) {
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
