import { type ReactNode, useEffect } from 'react';
import { LostNotice } from './lost-notice.tsx';
import styles from './page.module.css';

interface PageProps {
  /** Of the page and of the browser's tab. */
  readonly title: string;
  /** In the head, beside the title: what qualifies it. */
  readonly about?: ReactNode;
  /** In the head, at its end. */
  readonly actions?: ReactNode;
  /** As high as the window: what is in it scrolls by itself. */
  readonly isFilled?: boolean;
  readonly children: ReactNode;
}

/** A page: its head, and what it is about. */
export function Page({ title, about, actions, isFilled, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Throughline`;
  }, [title]);
  return (
    <main className={styles.page} id="page" data-filled={isFilled}>
      <header className={styles.head}>
        <h1 className="truncate">{title}</h1>
        {about}
        <div className={styles.actions}>{actions}</div>
      </header>
      <LostNotice />
      {children}
    </main>
  );
}

/** A part of a page with a heading of its own. */
export function Section({
  title,
  actions,
  children,
}: {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className={styles.section} aria-label={title}>
      <header className={styles.sectionHead}>
        <h2>{title}</h2>
        {actions}
      </header>
      {children}
    </section>
  );
}
