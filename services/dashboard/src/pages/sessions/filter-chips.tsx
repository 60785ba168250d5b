import { X } from 'lucide-react';
import { visibleText } from '../../format/visible-text.ts';
import { readPattern } from '../../search/asked-sessions.ts';
import { type Filter, NO_FILTER } from '../../search/filter/filter-node.ts';
import { filterWords } from '../../search/filter/filter-words.ts';
import { patternWords } from '../../search/pattern-words.ts';
import styles from './filter-chips.module.css';
import type { Picture } from './list-picture.ts';
import type { ChangePicture } from './use-picture.ts';

/** What the list is narrowed by, each with a way out. */
export function FilterChips({ picture, change }: { readonly picture: Picture; readonly change: ChangePicture }) {
  const { filter, search, isInBodies } = picture;
  const pattern = readPattern(picture.pattern);
  if (filter.children.length === 0 && search === '' && !pattern) return <span className="faint">No filter</span>;
  const without = (at: number): Filter => ({ ...filter, children: filter.children.toSpliced(at, 1) });
  return (
    <ul className={styles.chips} aria-label="Filter">
      {search !== '' && (
        <Chip
          words={`${isInBodies ? 'Bodies contain' : 'Id or name contains'} ${search}`}
          onRemove={() => change({ search: '' })}
        />
      )}
      {pattern && (
        <Chip
          words={visibleText(`Sessions that ${patternWords(pattern)}`)}
          onRemove={() => change({ pattern: undefined })}
        />
      )}
      {filter.children.map((child, at) => {
        const words = filterWords(child);
        return <Chip key={words} words={words} onRemove={() => change({ filter: without(at) })} />;
      })}
      <li>
        <button
          type="button"
          className={styles.clear}
          onClick={() => change({ filter: NO_FILTER, search: '', pattern: undefined })}
        >
          Clear filter and search
        </button>
      </li>
    </ul>
  );
}

function Chip({ words, onRemove }: { readonly words: string; readonly onRemove: () => void }) {
  return (
    <li>
      <button type="button" className={styles.chip} aria-label={`Remove: ${words}`} title={words} onClick={onRemove}>
        <bdi className="truncate">{words}</bdi>
        <X size={12} aria-hidden />
      </button>
    </li>
  );
}
