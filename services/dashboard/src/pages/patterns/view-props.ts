import type { AskedSessions } from '../../search/asked-sessions.ts';
import type { Search } from './patterns-search.ts';

/** What every view of the patterns is given. */
export interface ViewProps {
  readonly asked: AskedSessions;
  readonly search: Search;
  /** Sets parameters of the URL; `replace` where *Back* should not undo it by itself. */
  readonly change: (changed: Search, how?: { readonly replace?: boolean }) => void;
}
