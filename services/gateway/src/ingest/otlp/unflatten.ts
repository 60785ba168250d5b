import type { AttributeValue } from './attribute-value.ts';

/** What dotted keys spell. Objects have no prototype. */
export type Tree = AttributeValue | readonly Tree[] | { readonly [key: string]: Tree };

/** Segments of a key; the rest of a longer one stays together. */
const DEPTH_MAX = 12;

/**
 * `0.message.role = user` → `[{ message: { role: 'user' } }]`. Numbers become places of a list, gaps are closed.
 *
 * A value and something below it cannot both be: what comes first stays.
 */
export function unflatten(entries: readonly (readonly [string, AttributeValue])[]): Tree | undefined {
  if (entries.length === 0) return undefined;
  const root = new Map<string, Branch>();
  for (const [key, value] of entries) insert(root, key, value);
  return grown(root);
}

type Branch = Map<string, Branch> | { readonly value: AttributeValue };

function insert(root: Map<string, Branch>, key: string, value: AttributeValue): void {
  const segments = key.split('.');
  if (segments.length > DEPTH_MAX) segments.push(segments.splice(DEPTH_MAX - 1).join('.'));
  const last = segments.pop()!;
  let branch = root;
  for (const segment of segments) {
    let next = branch.get(segment);
    if (next === undefined) {
      next = new Map();
      branch.set(segment, next);
    } else if (!(next instanceof Map)) return;
    branch = next;
  }
  if (!branch.has(last)) branch.set(last, { value });
}

function grown(branch: Branch): Tree {
  if (!(branch instanceof Map)) return branch.value;
  const keys = [...branch.keys()];
  if (keys.every((key) => /^\d{1,9}$/.test(key))) {
    return keys.sort((a, b) => Number(a) - Number(b)).map((key) => grown(branch.get(key)!));
  }
  const object = Object.create(null) as Record<string, Tree>;
  for (const key of keys) object[key] = grown(branch.get(key)!);
  return object;
}
