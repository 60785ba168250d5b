import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { Keyboard, KeyRound, LogOut, Menu as MenuIcon, Moon, Pause, Play, Search, Sun, SunMoon } from 'lucide-react';
import { Suspense, useEffect, useState } from 'react';
import { ApiFailure } from '../api/failure.ts';
import { hasSession } from '../api/has-session.ts';
import { signOut, useStoredKey } from '../api/key-store.ts';
import { LiveProvider, useLiveState } from '../api/live.tsx';
import type { LiveState } from '../api/live-connection.ts';
import { chooseTheme, type ThemeChoice, useThemeChoice } from '../theme/theme.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { lazyPart } from '../ui/lazy-part.ts';
import { Menu, MenuGroup, MenuItem } from '../ui/menu.tsx';
import { NotAllowed } from './page-states.tsx';
import { PAGES } from './pages.ts';
import styles from './shell.module.css';
import { useShortcut } from './shortcuts.ts';

/** Loaded when they are first opened. */
const HelpDialog = lazyPart(() => import('./help-dialog.tsx').then((part) => part.HelpDialog));
const Palette = lazyPart(() => import('./palette.tsx').then((part) => part.Palette));

/** What stands around every page: the bar, and what works everywhere. */
export function Shell() {
  return (
    <LiveProvider>
      <SignedInOnly />
      <div className={styles.shell} id="scroll">
        <a className={styles.skip} href="#page">
          Skip to the page
        </a>
        <Bar />
        <ReadersOnly />
      </div>
    </LiveProvider>
  );
}

/** A key that is gone, refused or signed out, leads back to where one gives another. */
function SignedInOnly() {
  const key = useStoredKey();
  const navigate = useNavigate();
  useEffect(() => {
    if (key === null)
      void navigate({ to: '/login', search: { to: window.location.pathname + window.location.search } });
  }, [key, navigate]);
  return null;
}

/** What a key may do is the API's to say: it is asked for the least that every page needs. */
function ReadersOnly() {
  const key = useStoredKey();
  const { error } = useQuery(hasSession(key));
  // Signed out: whoever asked now would be refused.
  if (key === null) return null;
  if (error instanceof ApiFailure && error.isNotAllowed) return <NotAllowed sentence={error.message} />;
  return <Outlet />;
}

function Bar() {
  const [isFinding, setFinding] = useState(false);
  const [isHelping, setHelping] = useState(false);
  useShortcut('palette', () => setFinding(true));
  useShortcut('help', () => setHelping(true));
  return (
    <header className={styles.bar}>
      <Link to="/sessions" className={styles.brand}>
        <img src="/icon.svg" width={20} height={20} alt="" />
        Throughline
      </Link>
      <nav aria-label="Pages">
        <ul className={styles.links}>
          {PAGES.map(({ to, name }) => (
            <li key={to}>
              <Link to={to} className={styles.link} activeOptions={{ exact: false, includeSearch: false }}>
                {name}
              </Link>
            </li>
          ))}
        </ul>
        <div className={styles.menuButton}>
          <PagesMenu />
        </div>
      </nav>
      <div className={styles.tools}>
        <span className={styles.find}>
          <Button onClick={() => setFinding(true)}>
            <Search size={14} aria-hidden />
            Search everything
            <kbd className="faint">Ctrl K</kbd>
          </Button>
        </span>
        <span className={styles.findSmall}>
          <IconButton
            label="Search everything"
            icon={<Search size={16} aria-hidden />}
            onClick={() => setFinding(true)}
          />
        </span>
        <LiveSwitch />
        <IconButton
          label="Keyboard and help"
          icon={<Keyboard size={16} aria-hidden />}
          onClick={() => setHelping(true)}
        />
        <ThemeMenu />
        <KeyMenu />
      </div>
      <Suspense>{isFinding && <Palette isOpen onClose={() => setFinding(false)} />}</Suspense>
      <Suspense>{isHelping && <HelpDialog isOpen onClose={() => setHelping(false)} />}</Suspense>
    </header>
  );
}

function PagesMenu() {
  const navigate = useNavigate();
  return (
    <Menu
      trigger={
        <Button aria-label="Pages">
          <MenuIcon size={16} aria-hidden />
        </Button>
      }
    >
      {PAGES.map(({ to, name }) => (
        <MenuItem key={to} onClick={() => void navigate({ to })}>
          {name}
        </MenuItem>
      ))}
    </Menu>
  );
}

const LIVE_WORDS: Readonly<Record<LiveState, string>> = {
  // Not to be seen: it keeps the room, so that what stands beside it does not move from page to page.
  idle: 'Live',
  live: 'Live',
  paused: 'Paused',
  connecting: 'Connecting',
  lost: 'Reconnecting',
  off: 'Not live',
};

function LiveSwitch() {
  const { state, setPaused } = useLiveState();
  useShortcut('pause', () => setPaused(state !== 'paused'), state !== 'off' && state !== 'idle');
  const isPaused = state === 'paused';
  return (
    <span className={styles.live} data-state={state}>
      <Button
        kind="quiet"
        disabled={state === 'off'}
        onClick={() => setPaused(!isPaused)}
        aria-label={`${LIVE_WORDS[state]}: ${isPaused ? 'go on with' : 'pause'} live updates`}
      >
        <span className={styles.dot} data-state={state} />
        <span className={styles.liveWord}>{LIVE_WORDS[state]}</span>
        {isPaused ? <Play size={12} aria-hidden /> : <Pause size={12} aria-hidden />}
      </Button>
    </span>
  );
}

const THEMES: readonly (readonly [ThemeChoice, string])[] = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

function ThemeMenu() {
  const choice = useThemeChoice();
  const icons = { system: SunMoon, light: Sun, dark: Moon };
  const Icon = icons[choice];
  return (
    <Menu trigger={<IconButton label="Theme" icon={<Icon size={16} aria-hidden />} />}>
      {THEMES.map(([theme, name]) => (
        <MenuItem key={theme} onClick={() => chooseTheme(theme)}>
          {name}
          {theme === choice && <span className="quiet">chosen</span>}
        </MenuItem>
      ))}
    </Menu>
  );
}

function KeyMenu() {
  const navigate = useNavigate();
  return (
    <Menu trigger={<IconButton label="Key" icon={<KeyRound size={16} aria-hidden />} />}>
      <MenuGroup label="Signed in with a key, until this tab is closed">
        <MenuItem onClick={() => void navigate({ to: '/keys' })}>
          <KeyRound size={14} aria-hidden /> API keys
        </MenuItem>
        <MenuItem onClick={signOut}>
          <LogOut size={14} aria-hidden /> Sign out
        </MenuItem>
      </MenuGroup>
    </Menu>
  );
}
