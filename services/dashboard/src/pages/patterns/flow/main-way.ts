import type { Flow } from './lay-out-flow.ts';

/** Steps of a funnel that is suggested. */
const STEPS_MAX = 6;

/**
 * The paths of the way that most take, each once, in the order of their first occurrence: from the start along the link with
 * the most sessions, past what is merged, until most end.
 */
export function mainWay({ nodes, links }: Pick<Flow, 'nodes' | 'links'>): string[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const way: string[] = [];
  let at = nodes.find(({ kind }) => kind === 'start');
  while (at && way.length < STEPS_MAX) {
    const from = at.id;
    const on = links
      .filter((link) => link.from === from)
      .reduce<Flow['links'][number] | undefined>(
        (found, link) => (found && found.sessions >= link.sessions ? found : link),
        undefined,
      );
    at = on && byId.get(on.to);
    if (at?.path != null && !way.includes(at.path)) way.push(at.path);
  }
  return way;
}
