import type { ReactElement, ReactNode } from 'react';
import styles from './floating/floating.module.css';
import { useSettledParts } from './floating/use-settled-parts.ts';

/** How long a pointer rests before it is told, ms. */
const DELAY_MS = 400;

/** A short text on hover and focus, about what it stands around. Nothing is said in it that is said nowhere else. */
export function Hint({ text, children }: { readonly text: ReactNode; readonly children: ReactElement }) {
  const { parts, plain } = useSettledParts(children);
  if (!parts) return plain;
  const { Tooltip } = parts;
  return (
    <Tooltip.Root>
      <Tooltip.Trigger delay={DELAY_MS} render={children} />
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6} className={styles.positioner}>
          <Tooltip.Popup className={styles.tooltip}>{text}</Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
