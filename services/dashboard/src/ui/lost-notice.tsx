import { useEffect, useState } from 'react';
import { useLostAt } from '../api/live.tsx';
import styles from './states.module.css';
import { When } from './when.tsx';

/** A connection that is back sooner was hardly away. */
const AWAY_MS_MIN = 5_000;

/** Where nothing newer has come for a while because the connection is lost: of when what a page shows is. */
export function LostNotice() {
  const [openedAt] = useState(Date.now);
  const [isAway, setAway] = useState(false);
  const lostAt = useLostAt();
  useEffect(() => {
    setAway(false);
    if (lostAt === undefined) return;
    const timer = setTimeout(() => setAway(true), Math.max(0, lostAt + AWAY_MS_MIN - Date.now()));
    return () => clearTimeout(timer);
  }, [lostAt]);
  // What was opened later was read later, or says why it was not.
  if (!isAway || lostAt === undefined || lostAt < openedAt) return null;
  return (
    <p className={styles.stale} role="status">
      <span>
        Shown as of <When at={lostAt} />: the connection for live updates is lost, and tried again.
      </span>
    </p>
  );
}
