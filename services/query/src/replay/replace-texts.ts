import { type EditableObject, isEditable } from './lossless-json.ts';

export interface Replacement {
  /** Not empty. */
  readonly find: string;
  readonly replaceWith: string;
}

/**
 * Replaces literal texts, in place, in what a model reads as text: system message and messages, whatever the API calls them.
 * Roles, ids, and names and arguments of tools are left alone.
 *
 * @returns in how many places something was found.
 */
export function replaceTexts(request: EditableObject, replacements: readonly Replacement[]): number {
  if (replacements.length === 0) return 0;
  let found = 0;
  const changed = (text: string): string =>
    replacements.reduce((before, { find, replaceWith }) => {
      const parts = before.split(find);
      found += parts.length - 1;
      return parts.join(replaceWith);
    }, text);
  const walk = (value: unknown, isText: boolean): unknown => {
    if (typeof value === 'string') return isText ? changed(value) : value;
    if (Array.isArray(value)) {
      for (const [at, item] of value.entries()) value[at] = walk(item, isText);
    } else if (isEditable(value)) {
      for (const name of Object.keys(value)) {
        if (IN_ITEMS.has(name)) value[name] = walk(value[name], true);
      }
    }
    return value;
  };
  for (const name of Object.keys(request)) {
    if (AT_TOP.has(name)) request[name] = walk(request[name], true);
  }
  return found;
}

/** Members of a request that hold what is said to the model. */
const AT_TOP: ReadonlySet<string> = new Set([
  'messages',
  'system',
  'input',
  'instructions',
  'prompt',
  'contents',
  'systemInstruction',
  'system_instruction',
]);

/** Members of messages and their parts that hold text, or parts with text in them. */
const IN_ITEMS: ReadonlySet<string> = new Set(['content', 'text', 'parts', 'output']);
