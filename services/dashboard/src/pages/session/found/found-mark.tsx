import { TextSearch } from 'lucide-react';
import styles from './found.module.css';

/** Beside a request that has what is looked for in its bodies. */
export function FoundMark() {
  return <TextSearch size={14} role="img" aria-label="Contains what is looked for" className={styles.mark} />;
}
