import { Button as BaseButton } from '@base-ui/react/button';
import type { ComponentProps, ReactNode } from 'react';
import styles from './controls.module.css';
import { Hint } from './hint.tsx';

interface ButtonProps extends Omit<ComponentProps<typeof BaseButton>, 'className'> {
  /** One primary button at most in a view. */
  readonly kind?: 'plain' | 'primary' | 'quiet' | 'danger';
}

export function Button({ kind = 'plain', ...props }: ButtonProps) {
  return <BaseButton type="button" {...props} data-kind={kind} className={styles.button} />;
}

interface IconButtonProps extends Omit<ButtonProps, 'children'> {
  /** What it does: read out, and shown on hover. */
  readonly label: string;
  readonly icon: ReactNode;
}

export function IconButton({ label, icon, kind = 'quiet', ...props }: IconButtonProps) {
  return (
    <Hint text={label}>
      <BaseButton
        type="button"
        {...props}
        aria-label={label}
        data-kind={kind}
        className={`${styles.button} ${styles.icon}`}
      >
        {icon}
      </BaseButton>
    </Hint>
  );
}
