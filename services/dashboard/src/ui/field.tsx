import { Input } from '@base-ui/react/input';
import type { ComponentProps } from 'react';
import styles from './controls.module.css';

interface TextFieldProps extends Omit<ComponentProps<typeof Input>, 'className'> {
  /** Read out; what stands around it says it to the eye. */
  readonly label: string;
}

export function TextField({ label, ...props }: TextFieldProps) {
  return <Input spellCheck={false} autoComplete="off" {...props} aria-label={label} className={styles.field} />;
}
