import { useSyncExternalStore } from 'react';

type Parts = typeof import('./parts.ts');

let parts: Parts | undefined;
let loading: Promise<void> | undefined;
const listeners = new Set<() => void>();

/** Code of menus, popovers and tooltips, a fifth of all that a page needs: loaded when somebody does something, or after a while. */
export function loadParts(): Promise<void> {
  loading ??= import('./parts.ts').then((loaded) => {
    parts = loaded;
    for (const listener of listeners) listener();
  });
  return loading;
}

/** Undefined until it is loaded. */
export function useParts(): Parts | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => parts,
  );
}

/** What a person does first; only then can anything float. */
const SIGNS = ['pointermove', 'pointerdown', 'keydown'] as const;
/** Unless nobody does anything. */
const LOAD_AFTER_MS = 3_000;

/** Called once, when the page is drawn. */
export function loadPartsSoon(): void {
  const load = () => {
    for (const sign of SIGNS) window.removeEventListener(sign, load, true);
    clearTimeout(timer);
    // A failure shows where one of them is opened, and is tried again there.
    loadParts().catch(() => {
      loading = undefined;
    });
  };
  for (const sign of SIGNS) window.addEventListener(sign, load, { capture: true, passive: true });
  const timer = setTimeout(load, LOAD_AFTER_MS);
}
