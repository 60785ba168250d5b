import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import styles from './help-dialog.module.css';
import { SHORTCUTS } from './shortcuts.ts';

const NAMES: Readonly<Record<string, string>> = { enter: 'Enter', escape: 'Esc', 'mod+k': 'Ctrl K' };

export function HelpDialog({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const groups = Map.groupBy(Object.values(SHORTCUTS), ({ group }) => group);
  return (
    <Dialog
      title="Keyboard"
      isOpen={isOpen}
      onClose={onClose}
      isRead
      actions={<Button onClick={onClose}>Close</Button>}
    >
      <div className={styles.groups}>
        {Array.from(groups, ([group, shortcuts]) => (
          <section key={group} aria-label={group}>
            <h3>{group}</h3>
            <dl className={styles.keys}>
              {shortcuts.map(({ keys, about }) => (
                <div key={keys}>
                  <dt>
                    <kbd>{NAMES[keys] ?? keys}</kbd>
                  </dt>
                  <dd>{about}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="quiet">
        The API behind every page is described at <a href="/docs">/docs</a>.
      </p>
    </Dialog>
  );
}
