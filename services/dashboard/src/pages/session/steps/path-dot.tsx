import { pathColour } from '../../../format/path-colour.ts';
import styles from './steps.module.css';

/** The colour of a path, beside its name. */
export function PathDot({ path }: { readonly path: string }) {
  return <span className={styles.dot} style={{ background: pathColour(path) }} aria-hidden />;
}
