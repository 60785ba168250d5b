import { visibleText } from '../../../format/visible-text.ts';
import { TextField } from '../../../ui/field.tsx';
import { FormField } from './form-field.tsx';
import styles from './replay-dialog.module.css';

interface ProviderKeysProps {
  /** Without which nothing can be sent. */
  readonly needed: readonly string[];
  /** A host that is no provider's, and may want one. */
  readonly optional: string | undefined;
  readonly keys: ReadonlyMap<string, string>;
  readonly problem: string | undefined;
  readonly onChange: (name: string, key: string) => void;
}

/** Keys of those that are asked. What is typed is in the memory of the page alone, and is sent once. */
export function ProviderKeys({ needed, optional, keys, problem, onChange }: ProviderKeysProps) {
  const names = optional === undefined ? needed : [...needed, optional];
  if (names.length === 0) return null;
  return (
    <section className={styles.plan} aria-label="Keys">
      <h3>Keys</h3>
      <p className={styles.note}>
        Recorded calls are stored without theirs. These go with this replay, and are kept nowhere.
      </p>
      {names.map((name) => (
        <FormField
          key={name}
          label={`Key of ${visibleText(name)}`}
          problem={undefined}
          note={name === optional ? 'If it wants one.' : undefined}
          isWide
        >
          {(described) => (
            <TextField
              {...described}
              label={`Key of ${visibleText(name)}`}
              type="password"
              autoComplete="off"
              value={keys.get(name) ?? ''}
              onChange={(event) => onChange(name, event.target.value)}
            />
          )}
        </FormField>
      ))}
      {problem !== undefined && <p className="bad">{problem}</p>}
    </section>
  );
}
