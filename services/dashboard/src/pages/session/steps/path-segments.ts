/** Levels of a tree of paths; the last keeps what follows together. As the API's own tree has it. */
const LEVELS_MAX = 32;

/** `/a//b/` and `a/b` are `['a', 'b']`; without a path none. */
export function pathSegments(path: string): string[] {
  const segments = path.split('/').filter((segment) => segment !== '');
  if (segments.length <= LEVELS_MAX) return segments;
  return [...segments.slice(0, LEVELS_MAX - 1), segments.slice(LEVELS_MAX - 1).join('/')];
}

/** The one spelling of a path: `/a/b`, `/` without one. */
export function plainPath(path: string): string {
  return `/${pathSegments(path).join('/')}`;
}

/** With what only counts or names in it left out, so that what is the same step stands together: `/page/{n}`, `/user/{id}`. As the API's patterns have it. */
export function foldedPath(path: string): string {
  return plainPath(path)
    .split('/')
    .map((segment) => {
      if (/^\d+$/.test(segment)) return '{n}';
      return UUID.test(segment) || LONG_HEX.test(segment) ? '{id}' : segment;
    })
    .join('/');
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const LONG_HEX = /^[0-9a-f]{16,}$/i;
