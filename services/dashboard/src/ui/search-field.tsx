import { Search, X } from 'lucide-react';
import type { KeyboardEvent, Ref } from 'react';
import { Button } from './button.tsx';
import { TextField } from './field.tsx';
import styles from './search-field.module.css';

interface SearchFieldProps {
  /** What is searched: read out, and shown while nothing is typed. */
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly ref?: Ref<HTMLInputElement>;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
}

/** A text that is looked for; `Escape` clears it, then leaves the field. */
export function SearchField({ label, value, onChange, ref, onKeyDown }: SearchFieldProps) {
  const keyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      if (value === '') event.currentTarget.blur();
      else onChange('');
    }
    onKeyDown?.(event);
  };
  return (
    <span className={styles.search}>
      <Search size={14} aria-hidden className="faint" />
      <TextField
        ref={ref}
        label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={keyDown}
      />
      {value !== '' && (
        <Button kind="quiet" aria-label="Clear the search" onClick={() => onChange('')}>
          <X size={12} aria-hidden />
        </Button>
      )}
    </span>
  );
}
