/** Why a session has no page of its own; undefined: it has one. */
export function whyUnopenable(sessionId: string): string | undefined {
  return WHY.get(sessionId);
}

const STEP =
  'Browsers take this id for a step in an address, so that nothing can be asked of this session by its id. Lists, figures and exports have it.';

const WHY: ReadonlyMap<string, string> = new Map([
  ['.', STEP],
  ['..', STEP],
  [
    'has-session',
    'The API has this word for something else, so that nothing can be asked of a session with this id. Lists, figures and exports have it.',
  ],
]);
