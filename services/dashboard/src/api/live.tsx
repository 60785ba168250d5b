import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { LiveConnection, type LiveState } from './live-connection.ts';

const LiveContext = createContext<LiveConnection | null>(null);

export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const connection = useMemo(() => new LiveConnection(), []);
  return <LiveContext.Provider value={connection}>{children}</LiveContext.Provider>;
}

/** How it stands, and a switch. */
export function useLiveState(): { readonly state: LiveState; readonly setPaused: (paused: boolean) => void } {
  const connection = useContext(LiveContext)!;
  return {
    state: useSyncExternalStore(connection.listen, connection.state),
    setPaused: (paused) => connection.setPaused(paused),
  };
}

/** When the connection was lost that has not come back since, epoch ms; undefined: it was not. */
export function useLostAt(): number | undefined {
  const connection = useContext(LiveContext)!;
  return useSyncExternalStore(connection.listen, connection.lostAtMs);
}

/**
 * Calls back whenever something has changed: with a session's id, in that session; with null, in anything of the tenant.
 * Not while live updates are paused; once when they go on.
 */
export function useLiveChange(sessionId: string | null, onChange: () => void): void {
  const connection = useContext(LiveContext)!;
  const latest = useRef(onChange);
  latest.current = onChange;
  useEffect(() => connection.subscribe({ sessionId, onChange: () => latest.current() }), [connection, sessionId]);
}
