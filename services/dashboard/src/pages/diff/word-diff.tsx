import type { Schemas } from '../../api/client.ts';
import { count } from '../../format/count.ts';
import { visibleText } from '../../format/visible-text.ts';
import { Scroller } from '../../ui/scroller.tsx';
import styles from './diff.module.css';

interface WordDiffProps {
  /** What it is of, for screen readers. */
  readonly label: string;
  readonly pieces: readonly Schemas['DiffPiece'][];
}

/** A text with what was deleted struck through, and what was inserted underlined. */
export function WordDiff({ label, pieces }: WordDiffProps) {
  return (
    <Scroller label={label} className={styles.words}>
      {pieces.map(({ op, text, omitted }, index) => {
        const shown = (
          <>
            {visibleText(text)}
            {omitted !== undefined && (
              <span className={styles.omitted}>{` ${count(omitted)} characters left out `}</span>
            )}
          </>
        );
        const key = `${index} ${op}`;
        if (op === 'delete') return <del key={key}>{shown}</del>;
        if (op === 'insert') return <ins key={key}>{shown}</ins>;
        return <span key={key}>{shown}</span>;
      })}
    </Scroller>
  );
}
