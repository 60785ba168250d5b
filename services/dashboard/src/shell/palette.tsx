import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { useQuery } from '@tanstack/react-query';
import { useMatch, useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useState } from 'react';
import { api, dataOf } from '../api/client.ts';
import { rangeBounds } from '../search/range.ts';
import { whyUnopenable } from '../search/why-unopenable.ts';
import { chooseTheme } from '../theme/theme.ts';
import floating from '../ui/floating/floating.module.css';
import { PAGES } from './pages.ts';
import styles from './palette.module.css';

interface Entry {
  readonly value: string;
  readonly label: string;
  readonly note?: string;
  readonly run: () => void;
}

interface Group {
  readonly value: string;
  readonly items: readonly Entry[];
}

/** As the list writes it in its address. */
const FAILING_DEAREST = {
  filter: '{"sessions_request_response_rmt":{"session_error_count":{"gte":1}}}',
  sort: 'total_cost.desc',
};

/** Sessions that a text is looked for in. */
const FOUND_MAX = 8;

interface PaletteProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Pages, sessions by id or name, and what can be done from everywhere. */
export function Palette({ isOpen, onClose }: PaletteProps) {
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={floating.backdrop} />
        <Dialog.Popup className={`${floating.dialog} ${styles.palette}`} aria-label="Search everything">
          <Finder onClose={onClose} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Finder({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState('');
  const groups = useGroups(useDeferredValue(text.trim()));
  const choose = (entry: Entry) => {
    onClose();
    entry.run();
  };
  return (
    <Autocomplete.Root
      open
      inline
      items={groups}
      value={text}
      onValueChange={setText}
      // What is found on the server has been chosen there.
      filter={(entry: Entry, query, toText) => entry.note !== undefined || contains(toText?.(entry) ?? '', query)}
      itemToStringValue={(entry: Entry) => entry.label}
      autoHighlight="always"
      keepHighlight
    >
      <Autocomplete.Input
        className={styles.input}
        aria-label="Search sessions, pages and actions"
        placeholder="A session's id or name, a page, an action"
      />
      <Autocomplete.Empty>
        <div className={styles.none}>Nothing is called that.</div>
      </Autocomplete.Empty>
      <Autocomplete.List className={styles.list}>
        {(group: Group) => (
          <Autocomplete.Group key={group.value} items={group.items}>
            <Autocomplete.GroupLabel className={floating.label}>{group.value}</Autocomplete.GroupLabel>
            <Autocomplete.Collection>
              {(entry: Entry) => (
                <Autocomplete.Item
                  key={entry.value}
                  value={entry}
                  onClick={() => choose(entry)}
                  className={floating.item}
                >
                  <span className="truncate">{entry.label}</span>
                  {entry.note && <span className="faint mono truncate">{entry.note}</span>}
                </Autocomplete.Item>
              )}
            </Autocomplete.Collection>
          </Autocomplete.Group>
        )}
      </Autocomplete.List>
    </Autocomplete.Root>
  );
}

function useGroups(search: string): Group[] {
  const navigate = useNavigate();
  const { data: found } = useQuery({
    queryKey: ['find-sessions', search],
    enabled: search.length >= 2,
    queryFn: ({ signal }) => {
      const now = Date.now();
      const { fromMs, toMs } = rangeBounds({ kind: 'last', ms: 365 * 86_400_000, text: '365d' }, now);
      const body = {
        search,
        timeFilter: { startTimeUnixMs: fromMs, endTimeUnixMs: toMs },
        timezoneDifference: 0,
        filter: 'all' as const,
        sort: { latest_request_created_at: 'desc' as const },
        limit: FOUND_MAX,
      };
      return dataOf(api().POST('/v1/session/query', { body, signal }));
    },
  });
  const openSession = (sessionId: string) =>
    whyUnopenable(sessionId) === undefined
      ? navigate({ to: '/sessions/$sessionId', params: { sessionId } })
      : navigate({ to: '/sessions', search: { search: sessionId } });
  const sessions = (search.length >= 2 ? (found ?? []) : []).map((session) => ({
    value: `session ${session.session_id}`,
    label: session.session_name || 'without a name',
    note: session.session_id,
    run: () => void openSession(session.session_id),
  }));
  const pages = PAGES.map(({ to, name }) => ({ value: `page ${to}`, label: name, run: () => void navigate({ to }) }));
  const session = useMatch({ from: '/signed-in/sessions/$sessionId', shouldThrow: false });
  const replay = () =>
    void navigate({
      to: '/sessions/$sessionId',
      params: { sessionId: session!.params.sessionId },
      search: { ...session!.search, replay: '1', from: undefined },
    });
  const actions: Entry[] = [
    ...(session ? [{ value: 'replay', label: 'Replay this session', run: replay }] : []),
    {
      value: 'failing',
      label: 'Failing sessions, dearest first',
      run: () => void navigate({ to: '/sessions', search: FAILING_DEAREST }),
    },
    { value: 'compare', label: 'Compare two groups of sessions', run: () => void navigate({ to: '/compare' }) },
    { value: 'light', label: 'Light theme', run: () => chooseTheme('light') },
    { value: 'dark', label: 'Dark theme', run: () => chooseTheme('dark') },
    { value: 'system-theme', label: 'Theme as the system', run: () => chooseTheme('system') },
    { value: 'docs', label: 'API documentation', run: () => window.location.assign('/docs') },
  ];
  return [
    ...(sessions.length > 0 ? [{ value: 'Sessions', items: sessions }] : []),
    { value: 'Pages', items: pages },
    { value: 'Actions', items: actions },
  ];
}

function contains(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.trim().toLowerCase());
}
