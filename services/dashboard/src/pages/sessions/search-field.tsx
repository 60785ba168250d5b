import { type RefObject, useEffect, useState } from 'react';
import { TextField } from '../../ui/field.tsx';
import { NativeSelect } from '../../ui/native-select.tsx';
import type { Picture } from './list-picture.ts';
import styles from './sessions-page.module.css';
import type { ChangePicture } from './use-picture.ts';

/** How long one pauses before what was typed is looked for in ids and names, ms. */
const PAUSE_MS = 250;

interface SearchFieldProps {
  readonly picture: Picture;
  readonly change: ChangePicture;
  readonly field: RefObject<HTMLInputElement | null>;
}

/** Ids and names are looked through while one types; bodies when one asks for it, because they are all read. */
export function SearchField({ picture: { search, isInBodies }, change, field }: SearchFieldProps) {
  const [typed, setTyped] = useState(search);
  useEffect(() => setTyped(search), [search]);
  const isPending = typed.trim() !== search;
  useEffect(() => {
    if (isInBodies || !isPending) return;
    const timer = setTimeout(() => change({ search: typed.trim() }, 'detail'), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, isInBodies, isPending, change]);
  return (
    <search className={styles.search}>
      <TextField
        ref={field}
        type="search"
        label={isInBodies ? 'Search bodies' : 'Search ids and names'}
        placeholder={isInBodies ? 'Text in prompts and answers, then Enter' : 'Id or name'}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') change({ search: typed.trim() });
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      <NativeSelect
        label="Where to search"
        value={isInBodies ? 'bodies' : 'names'}
        options={[
          ['names', 'Ids, names'],
          ['bodies', 'Bodies (slower)'],
        ]}
        onChange={(where) => change({ isInBodies: where === 'bodies' })}
      />
    </search>
  );
}
