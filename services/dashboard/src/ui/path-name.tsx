import { pathColour } from '../format/path-colour.ts';
import { visibleText } from '../format/visible-text.ts';
import styles from './path-name.module.css';

/** A path with the colour that it has everywhere. */
export function PathName({ path }: { readonly path: string }) {
  return (
    <span className={styles.path}>
      <span className={styles.swatch} style={{ background: pathColour(path) }} />
      <bdi className="mono truncate">{visibleText(path)}</bdi>
    </span>
  );
}
