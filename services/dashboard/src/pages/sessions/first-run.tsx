import { Snippets } from '../../ui/snippets.tsx';
import styles from './first-run.module.css';

/** Where there is no session yet: how to make one. It comes by itself. */
export function FirstRun() {
  return (
    <section className={styles.first} aria-label="Make a first session">
      <h2>No sessions yet: make a first one</h2>
      <p className="quiet">
        Point an SDK at this address. The call goes on to its provider, and what it did, cost and answered appears here
        by itself.
      </p>
      <Snippets />
      <p className="quiet" role="status">
        Waiting for the first session…
      </p>
    </section>
  );
}
