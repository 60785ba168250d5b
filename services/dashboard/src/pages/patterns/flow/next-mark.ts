import type { PlacedFlow, PlacedLink, PlacedNode } from './lay-out-flow.ts';

export type FlowKey = 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight' | 'Home' | 'End';

/**
 * Where the focus goes in the drawing: left and right along the largest way from nodes to links to nodes, up and down within
 * a column.
 *
 * @param id of a node or a link.
 * @returns the same id where there is nothing in that direction.
 */
export function nextMark(flow: PlacedFlow, id: string, key: FlowKey): string {
  const ordered = flow.nodes.toSorted((a, b) => a.x - b.x || a.y - b.y);
  if (key === 'Home') return ordered[0]?.id ?? id;
  if (key === 'End') return ordered.at(-1)?.id ?? id;
  const node = flow.nodes.find((one) => one.id === id);
  const link = flow.links.find((one) => one.id === id);
  if (node) {
    if (key === 'ArrowRight') return widest(flow.links.filter(({ from }) => from === node))?.id ?? id;
    if (key === 'ArrowLeft') return widest(flow.links.filter(({ to }) => to === node))?.id ?? id;
    return beside(columnOf(flow.nodes, node), node, key).id;
  }
  if (link) {
    if (key === 'ArrowRight') return link.to.id;
    if (key === 'ArrowLeft') return link.from.id;
    return beside(gapOf(flow.links, link), link, key).id;
  }
  return id;
}

function widest(links: readonly PlacedLink[]): PlacedLink | undefined {
  return links.reduce<PlacedLink | undefined>(
    (found, link) => (found && found.link.sessions >= link.link.sessions ? found : link),
    undefined,
  );
}

function columnOf(nodes: readonly PlacedNode[], { node }: PlacedNode): PlacedNode[] {
  return nodes.filter((one) => one.node.position === node.position).sort((a, b) => a.y - b.y);
}

function gapOf(links: readonly PlacedLink[], { from }: PlacedLink): PlacedLink[] {
  return links
    .filter((one) => one.from.node.position === from.node.position)
    .sort((a, b) => a.fromY - b.fromY || a.toY - b.toY);
}

function beside<Mark>(marks: readonly Mark[], mark: Mark, key: FlowKey): Mark {
  return marks[marks.indexOf(mark) + (key === 'ArrowDown' ? 1 : -1)] ?? mark;
}
