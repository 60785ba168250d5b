/** One step from a JSON value to values in it. */
export type PathStep =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'item'; readonly index: number }
  /** Every member or item. */
  | { readonly kind: 'any' }
  /** A member of this name, however deep. */
  | { readonly kind: 'below'; readonly name: string };

export type JsonPath = readonly PathStep[];

/** More than any API nests what is worth naming. */
export const PATH_STEPS_MAX = 32;

/**
 * Reads `messages[*].content`, `$.user.ssn`, `items[0]`, `["a name"]`, `*.id`, `..password` (however deep).
 *
 * @throws TypeError that says where it cannot be read.
 */
export function parseJsonPath(text: string): JsonPath {
  const steps: PathStep[] = [];
  let at = text.startsWith('$') ? 1 : 0;
  const fail = (what: string) => new TypeError(`${what} at character ${at + 1}`);
  while (at < text.length) {
    if (steps.length === PATH_STEPS_MAX) throw new TypeError(`has more than ${PATH_STEPS_MAX} steps`);
    if (text[at] === '[') {
      const end = text[at + 1] === '"' ? quotedEnd(text, at + 1) : text.indexOf(']', at);
      if (end < 0 || text[end] !== ']') throw fail('has no closing bracket for the one');
      const step = bracketStep(text.slice(at + 1, end));
      if (!step) throw fail('has neither a number, * nor a name in double quotes in the brackets');
      steps.push(step);
      at = end + 1;
      continue;
    }
    const isBelow = text.startsWith('..', at);
    if (isBelow) at += 2;
    else if (text[at] === '.') at += 1;
    else if (at > 0) throw fail('has no dot or bracket');
    let end = at;
    while (end < text.length && text[end] !== '.' && text[end] !== '[') end++;
    if (end === at) throw fail('has no name');
    const name = text.slice(at, end);
    if (isBelow) steps.push({ kind: 'below', name });
    else steps.push(name === '*' ? { kind: 'any' } : { kind: 'member', name });
    at = end;
  }
  if (steps.length === 0) throw new TypeError('names no value in the body');
  return steps;
}

/** @returns the place behind the closing quote, −1 when there is none. */
function quotedEnd(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
  }
  return -1;
}

const INDEX_DIGITS_MAX = 9;

function bracketStep(inside: string): PathStep | undefined {
  if (inside === '*') return { kind: 'any' };
  if (inside.startsWith('"')) {
    try {
      return { kind: 'member', name: String(JSON.parse(inside)) };
    } catch {
      return undefined;
    }
  }
  const index = Number(inside);
  const isIndex = inside !== '' && inside.length <= INDEX_DIGITS_MAX && String(index) === inside && index >= 0;
  return isIndex && Number.isInteger(index) ? { kind: 'item', index } : undefined;
}

/** Paths of which some steps have been taken: where each stands. */
export type PathPlaces = readonly { readonly path: JsonPath; readonly step: number }[];

export function startPaths(paths: readonly JsonPath[]): PathPlaces {
  return paths.map((path) => ({ path, step: 0 }));
}

/**
 * One level deeper.
 *
 * @param key name of the member, or number of the item.
 * @returns `'here'` when the value at `key` is what a path names.
 */
export function descend(places: PathPlaces, key: string | number): PathPlaces | 'here' {
  if (places.length === 0) return places;
  const next: { path: JsonPath; step: number }[] = [];
  for (const place of places) {
    const step = place.path[place.step]!;
    if (step.kind === 'below') next.push(place);
    if (!matches(step, key)) continue;
    if (place.step + 1 === place.path.length) return 'here';
    // Each place of a path once, or names that nest in themselves would multiply them.
    if (!next.some(({ path, step: taken }) => path === place.path && taken === place.step + 1)) {
      next.push({ path: place.path, step: place.step + 1 });
    }
  }
  return next;
}

function matches(step: PathStep, key: string | number): boolean {
  switch (step.kind) {
    case 'any':
      return true;
    case 'item':
      return step.index === key;
    default:
      return step.name === key;
  }
}
