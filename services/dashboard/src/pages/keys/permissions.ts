/** What a key may do, as a person chooses it. `operator` can also stand beside each of the others. */
export const KEY_KINDS = [
  ['rw', 'Read and write', 'Reads everything of the tenant, logs and deletes calls, and manages keys.'],
  ['r', 'Read', 'Reads everything of the tenant, bodies included. Changes nothing.'],
  ['w', 'Write', 'Logs calls, says something of them, deletes them. Reads nothing: the one for applications.'],
  ['m', 'Read without bodies', 'Reads figures, paths and errors, but no prompt and no answer.'],
  ['operator', 'Operate', 'Sees the system and the audit log, of all tenants. Reads no tenant’s data.'],
] as const;

export type KeyKind = (typeof KEY_KINDS)[number][0];

/** As the API takes it. */
export function permissionText(kind: KeyKind, isOperator: boolean): string {
  return isOperator && kind !== 'operator' ? `${kind},operator` : kind;
}

/** In words, of a key's permissions as the API lists them: `Read and write, operate`. */
export function permissionWords(permissions: string): string {
  const words = permissions
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map((one) => KEY_KINDS.find(([kind]) => kind === one)?.[1] ?? one);
  return words.map((word, at) => (at === 0 ? word : word.toLowerCase())).join(', ');
}
