import { useSyncExternalStore } from 'react';
import { isWithoutFiles, loadAnewOnceAnswered } from '../load-anew.ts';

type Parts = typeof import('./parts.ts');

let parts: Parts | undefined;
let loading: Promise<void> | undefined;
const listeners = new Set<() => void>();

/** Code of menus, popovers and tooltips, a fifth of all that a page needs: loaded when somebody does something, or after a while. */
export function loadParts(): Promise<void> {
  loading ??= import('./parts.ts').then(
    (loaded) => {
      parts = loaded;
      for (const listener of listeners) listener();
    },
    (error: unknown) => {
      loading = undefined;
      if (!isWithoutFiles(error) || !loadAnewOnceAnswered()) throw error;
    },
  );
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
    void loadParts();
  };
  for (const sign of SIGNS) window.addEventListener(sign, load, { capture: true, passive: true });
  const timer = setTimeout(load, LOAD_AFTER_MS);
}
