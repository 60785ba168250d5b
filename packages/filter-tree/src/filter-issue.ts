/** One mistake in a filter, with the place where it is. */
export interface FilterIssue {
  /** As one would write it in code: `filter.left.request_response_rmt.cost.gt`. */
  readonly path: string;
  readonly message: string;
  /** What stands there; of an object only its keys, as text. */
  readonly value: unknown;
  /**
   * `invalid`: no such table, column or operator, or a value of another kind. `unsupported`: part of the wire format,
   * but nothing here could answer it. `limit`: larger than a bound of `filter-bounds.ts`.
   */
  readonly code: 'invalid' | 'unsupported' | 'limit';
}

/** A place in the tree, its parents behind it: rendered only when something is wrong there. */
export interface Place {
  readonly parent: Place | undefined;
  readonly segment: string;
}

export function below(parent: Place, segment: string): Place {
  return { parent, segment };
}

export function invalid(place: Place, reason: string, value: unknown): FilterIssue {
  // The beginning is the one that existing clients know.
  const message = `Could not match the union against any of the items: ${reason}`;
  return { path: pathOf(place), message, value: shown(value), code: 'invalid' };
}

export function unsupported(place: Place, reason: string, value: unknown): FilterIssue {
  return { path: pathOf(place), message: reason, value: shown(value), code: 'unsupported' };
}

export function overLimit(place: Place, reason: string): FilterIssue {
  return { path: pathOf(place), message: reason, value: undefined, code: 'limit' };
}

/** A name in a message: quoted, and cut where it is too long to be read. */
export function quoted(name: string): string {
  return JSON.stringify(cut(name));
}

const SEGMENT_CHARS_MAX = 100;
/** Where a path is deeper, its middle is left out. */
const SEGMENTS_MAX = 60;

function pathOf(place: Place): string {
  const segments: string[] = [];
  for (let at: Place | undefined = place; at !== undefined; at = at.parent) segments.push(cut(at.segment));
  segments.reverse();
  if (segments.length <= SEGMENTS_MAX) return segments.join('.');
  const half = SEGMENTS_MAX / 2;
  return [...segments.slice(0, half), '…', ...segments.slice(-half)].join('.');
}

/** Never a tree: it may be of any depth, and whoever prints it as JSON would overflow the stack. */
function shown(value: unknown): unknown {
  if (typeof value === 'string') return cut(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  const keys = Object.keys(value);
  const first = keys.slice(0, 5).map((key) => quoted(key));
  return `{${first.join(', ')}${keys.length > first.length ? ', …' : ''}}`;
}

function cut(text: string): string {
  return text.length <= SEGMENT_CHARS_MAX ? text : `${text.slice(0, SEGMENT_CHARS_MAX)}…`;
}
