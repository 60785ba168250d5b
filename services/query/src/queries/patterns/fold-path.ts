/**
 * Paths with what only counts or names in them left out (wire contract, D21), so that one step is one path however often it
 * is taken: `/page/{n}` for numbers, `/user/{id}` for UUIDs and hexadecimal digits from 16 on. Segments are folded whole.
 */
export function foldPath(path: string): string {
  return path
    .split('/')
    .map((segment) => (NUMBER.test(segment) ? '{n}' : ID.test(segment) ? '{id}' : segment))
    .join('/');
}

/** Paths of an array, each folded: of a dictionary, each once. */
export function foldPathsSql(paths: string): string {
  const folded = `multiIf(match(y, '^${NUMBER_RE}$'), '{n}', match(y, '^${ID_RE}$'), '{id}', y)`;
  return `arrayMap(x -> arrayStringConcat(arrayMap(y -> ${folded}, splitByChar('/', x)), '/'), ${paths})`;
}

/** Whether a path is another one when it is folded. */
export function isFoldableSql(path: string): string {
  return `match(${path}, '/(?:${NUMBER_RE}|${ID_RE})(?:/|$)')`;
}

/** Whether a folded path stands for others than itself. */
export function standsForOthers(folded: string): boolean {
  return folded.split('/').some((segment) => segment === '{n}' || segment === '{id}');
}

// One text for both regular-expression engines, without what SQL would read as an escape.
const NUMBER_RE = '[0-9]+';
const ID_RE = '(?:[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|[0-9a-fA-F]{16,})';
const NUMBER = new RegExp(`^${NUMBER_RE}$`);
const ID = new RegExp(`^${ID_RE}$`);
