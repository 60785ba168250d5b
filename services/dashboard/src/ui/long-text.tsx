import { memo, Suspense, useMemo, useState } from 'react';
import { bytes } from '../format/count.ts';
import { visibleText } from '../format/visible-text.ts';
import { Button } from './button.tsx';
import { lazyPart } from './lazy-part.ts';
import styles from './long-text.module.css';
import { PlainText } from './plain-text.tsx';

/** Loaded with the first text that is written in it. */
const Markdown = lazyPart(() => import('./markdown.tsx').then((part) => part.Markdown));

/** Longer texts are folded. */
const FOLDED_CHARS = 2_400;
const FOLDED_LINES = 40;
/** Longer texts are shown as they were written: to read them as Markdown takes a quarter of a second and more. */
const MARKDOWN_CHARS_MAX = 40_000;

interface LongTextProps {
  readonly text: string;
  /** `code` for what a program wrote. */
  readonly kind: 'markdown' | 'prose' | 'code';
}

/** A text that others wrote: readable whatever it holds, folded where it is long. */
export const LongText = memo(function LongText({ text, kind }: LongTextProps) {
  const [isWhole, setWhole] = useState(false);
  const end = useMemo(() => foldedEnd(text), [text]);
  const isFolded = end < text.length && !isWhole;
  const shown = useMemo(() => visibleText(isFolded ? text.slice(0, end) : text), [text, end, isFolded]);
  const isMarkdown = kind === 'markdown' && shown.length <= MARKDOWN_CHARS_MAX && MARKED.test(shown);
  const plain = <PlainText text={shown} kind={kind === 'code' ? 'code' : 'prose'} />;
  return (
    <div>
      {isMarkdown ? (
        <Suspense fallback={plain}>
          <Markdown text={shown} />
        </Suspense>
      ) : (
        plain
      )}
      {end < text.length && (
        <div className={styles.more}>
          <Button kind="quiet" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
            {isWhole ? 'Show less' : `Show all ${bytes(text.length)}`}
          </Button>
        </div>
      )}
    </div>
  );
});

/** What Markdown gives a meaning; a text without any of it is as it is. */
const MARKED = /[*_`#>[\]|~<]|^\s*(?:[-+]|\d+[.)])\s|https?:|\n\n/m;

/** Where a text is cut: after so many lines or characters, at a space where there is one near. */
function foldedEnd(text: string): number {
  let lines = 0;
  let end = Math.min(text.length, FOLDED_CHARS);
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) {
    if (++lines === FOLDED_LINES) end = at;
  }
  // A fold that hides next to nothing is none.
  if (text.length - end < FOLDED_CHARS / 4 && lines < FOLDED_LINES) return text.length;
  const space = text.lastIndexOf(' ', end);
  return space > end - 80 ? space : end;
}
