import type { CSSProperties, ReactNode } from 'react';

interface ScrollerProps {
  /** What it holds, for screen readers. */
  readonly label: string;
  readonly className?: string;
  readonly style?: CSSProperties;
  readonly children: ReactNode;
}

/** What scrolls by itself can be reached, and scrolled, by keyboard. */
export function Scroller({ label, className, style, children }: ScrollerProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it keyboards cannot scroll it (WCAG 2.1.1)
    <section className={className} aria-label={label} tabIndex={0} style={style}>
      {children}
    </section>
  );
}
