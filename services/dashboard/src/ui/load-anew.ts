/** How long after one time a page is not loaded anew by itself: who comes back to the same fault is told of it. */
const AGAIN_AFTER_MS = 20_000;
const ASK_EVERY_MS = 2_000;
const LOADED_ANEW_AT = 'throughline.loaded-anew-at';

/** As browsers and the bundler say it. */
const FILES_MISSING = /dynamically imported module|Importing a module script failed|Unable to preload/;

/** Files of the dashboard that could not be had: the instance is away, or has been upgraded since the tab was opened. */
export function isWithoutFiles(error: unknown): boolean {
  return error instanceof Error && FILES_MISSING.test(error.message);
}

/**
 * Loads the page anew as soon as there is an answer; until then this page says more than the browser's own would. Browsers
 * and the bundler remember what they could not load, and files have other names after an upgrade, so that nothing less
 * helps. What a person has chosen is in the URL.
 *
 * @returns false where that has just been done and did not help.
 */
export function loadAnewOnceAnswered(signal?: AbortSignal): boolean {
  if (Date.now() - Number(sessionStorage.getItem(LOADED_ANEW_AT)) < AGAIN_AFTER_MS) return false;
  const timer = setInterval(async () => {
    if (signal?.aborted) return clearInterval(timer);
    if (document.hidden || !(await isAnswered())) return;
    clearInterval(timer);
    if (signal?.aborted) return;
    sessionStorage.setItem(LOADED_ANEW_AT, String(Date.now()));
    window.location.reload();
  }, ASK_EVERY_MS);
  return true;
}

export function loadAnew(): void {
  void isAnswered().then((answered) => {
    if (answered) window.location.reload();
  });
}

async function isAnswered(): Promise<boolean> {
  return fetch(window.location.href, { method: 'HEAD' }).then(
    ({ ok }) => ok,
    () => false,
  );
}
