import { useSyncExternalStore } from 'react';

/**
 * The key that one is signed in with. Kept for the browser session only: a tab that is closed has forgotten it, and no
 * other tab or request ever gets it by itself, as a cookie would.
 */
const STORED = 'throughline.key';
const listeners = new Set<() => void>();

export function storedKey(): string | null {
  return sessionStorage.getItem(STORED);
}

export function signIn(key: string): void {
  sessionStorage.setItem(STORED, key);
  for (const listener of listeners) listener();
}

export function signOut(): void {
  sessionStorage.removeItem(STORED);
  for (const listener of listeners) listener();
}

export function useStoredKey(): string | null {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, storedKey);
}
