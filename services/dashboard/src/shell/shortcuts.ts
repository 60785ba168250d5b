import { useHotkeys } from 'react-hotkeys-hook';

/** Every key that does something, as the help lists them. Written as `KeyboardEvent.key` gives them. */
export const SHORTCUTS = {
  next: { keys: 'j', about: 'Next row or request', group: 'Lists' },
  previous: { keys: 'k', about: 'Previous row or request', group: 'Lists' },
  open: { keys: 'enter', about: 'Open', group: 'Lists' },
  back: { keys: 'escape', about: 'Back, or close', group: 'Lists' },
  search: { keys: '/', about: 'Search', group: 'Lists' },
  filter: { keys: 'f', about: 'Filter', group: 'Lists' },
  select: { keys: 'x', about: 'Select a session to compare', group: 'Lists' },
  tree: { keys: 't', about: 'Tree', group: 'Session' },
  timeline: { keys: 'l', about: 'Timeline', group: 'Session' },
  chat: { keys: 'c', about: 'Chat', group: 'Session' },
  paths: { keys: 'd', about: 'Distribution by path', group: 'Session' },
  raw: { keys: 'r', about: 'Raw JSON, or rendered', group: 'Session' },
  replay: { keys: 'y', about: 'Replay the session', group: 'Session' },
  previousSession: { keys: '[', about: 'Previous session of the same name', group: 'Session' },
  nextSession: { keys: ']', about: 'Next session of the same name', group: 'Session' },
  pause: { keys: 'p', about: 'Pause live updates, or go on', group: 'Everywhere' },
  palette: { keys: 'mod+k', about: 'Search everything', group: 'Everywhere' },
  help: { keys: '?', about: 'Help', group: 'Everywhere' },
} as const;

export type Shortcut = keyof typeof SHORTCUTS;

/** Runs while the component is there and no field has the focus; `mod+k` in fields too. */
export function useShortcut(shortcut: Shortcut, run: (event: KeyboardEvent) => void, enabled = true): void {
  useHotkeys(SHORTCUTS[shortcut].keys, run, {
    enabled,
    // The sign that is typed, not the place of its key: layouts differ.
    useKey: true,
    preventDefault: true,
    enableOnFormTags: shortcut === 'palette',
    // A dialog or a menu that is open has the keyboard to itself.
    ignoreEventWhen: (event) =>
      shortcut !== 'palette' && event.target instanceof Element && event.target.closest(FLOATING) !== null,
  });
}

const FLOATING = '[role="dialog"], [role="menu"], [role="listbox"]';
