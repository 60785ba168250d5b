import type { Feature } from './use-contrast.ts';

export type Kind = Feature['kind'] | 'all';

/** What sessions may differ in, with its name, one and several. */
export const KINDS: readonly (readonly [kind: Feature['kind'], one: string, several: string])[] = [
  ['path', 'Path', 'Paths'],
  ['model', 'Model', 'Models'],
  ['provider', 'Provider', 'Providers'],
  ['status', 'Status', 'Statuses'],
  ['property', 'Property', 'Properties'],
  ['requests', 'Requests', 'Number of requests'],
];

export function readKind(text: string | undefined): Kind {
  return KINDS.find(([kind]) => kind === text)?.[0] ?? 'all';
}
