import type { Schemas } from '@throughline/client/throughline-client';
import { sankey, sankeyLinkHorizontal } from 'd3-sankey';

export type Flow = Schemas['SessionFlow'];
export type FlowNode = Schemas['FlowNode'];
export type FlowLink = Schemas['FlowLink'];

export interface PlacedNode {
  readonly id: string;
  readonly node: FlowNode;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedLink {
  readonly id: string;
  readonly link: FlowLink;
  readonly from: PlacedNode;
  readonly to: PlacedNode;
  /** `d` of an SVG path along its middle. */
  readonly line: string;
  /** Of the stroke: its sessions, on the scale of the nodes. */
  readonly width: number;
  /** Where its middle lies at its beginning and at its end. */
  readonly fromY: number;
  readonly toY: number;
}

export interface PlacedFlow {
  readonly nodes: readonly PlacedNode[];
  readonly links: readonly PlacedLink[];
  /** The thinnest links where there are too many to see: in the table alone. */
  readonly linksLeftOut: number;
  /** px, of the whole drawing. */
  readonly width: number;
  readonly height: number;
  /** px from a node to the next column: what its label may take. */
  readonly gap: number;
}

const NODE_WIDTH = 10;
/** Labels of a line each stand beside nodes that are close together. */
const NODE_PADDING = 18;
const COLUMN_MIN = 120;
const COLUMN_MAX = 300;
const HEIGHT_MIN = 240;
const HEIGHT_MAX = 620;
const MARGIN = 16;
/** More cover each other. */
const LINKS_MAX = 400;
/** A link is drawn, and can be hit, however few took it. */
const LINK_WIDTH_MIN = 1.5;

/**
 * Places a flow: positions are columns from left to right, as wide as there is room for, and heights are sessions.
 *
 * @param room px that there are side by side; where columns need more, the drawing is wider.
 */
export function layOutFlow(flow: Pick<Flow, 'nodes' | 'links'>, room: number): PlacedFlow {
  if (flow.nodes.length === 0) return { nodes: [], links: [], linksLeftOut: 0, width: room, height: 0, gap: 0 };
  const columns = Math.max(...flow.nodes.map(({ position }) => position)) + 1;
  const column = Math.min(COLUMN_MAX, Math.max(COLUMN_MIN, (room - 2 * MARGIN) / columns));
  const perColumn = Array.from(Map.groupBy(flow.nodes, ({ position }) => position).values(), ({ length }) => length);
  const tallest = Math.max(...perColumn);
  const height = Math.min(HEIGHT_MAX, Math.max(HEIGHT_MIN, tallest * 48)) + Math.max(0, tallest - 20) * NODE_PADDING;
  const width = Math.ceil(columns * column + 2 * MARGIN);
  const drawn = flow.links.toSorted((a, b) => b.sessions - a.sessions).slice(0, LINKS_MAX);
  const lay = sankey<Laid, { readonly of: FlowLink }>()
    .nodeId((laid) => laid.id)
    .nodeWidth(NODE_WIDTH)
    .nodePadding(NODE_PADDING)
    .nodeAlign(({ position }) => position)
    .iterations(24)
    .extent([
      [MARGIN, MARGIN],
      [width - MARGIN - (column - NODE_WIDTH), height - MARGIN],
    ]);
  const graph = lay({
    nodes: flow.nodes.map((of) => ({ id: of.id, position: of.position, of, fixedValue: of.sessions })),
    links: drawn.map((of) => ({ source: of.from, target: of.to, value: of.sessions, of })),
  });
  const nodes = graph.nodes.map(({ of, x0 = 0, x1 = 0, y0 = 0, y1 = 0 }) => ({
    id: of.id,
    node: of,
    x: x0,
    y: y0,
    width: x1 - x0,
    height: Math.max(LINK_WIDTH_MIN, y1 - y0),
  }));
  const byId = new Map(nodes.map((placed) => [placed.id, placed]));
  const line = sankeyLinkHorizontal();
  const links = graph.links.map((link) => ({
    id: `${link.of.from}→${link.of.to}${link.of.is_loop ? '↺' : ''}`,
    link: link.of,
    from: byId.get(link.of.from)!,
    to: byId.get(link.of.to)!,
    line: line(link) ?? '',
    width: Math.max(LINK_WIDTH_MIN, link.width ?? 0),
    fromY: link.y0 ?? 0,
    toY: link.y1 ?? 0,
  }));
  const linksLeftOut = flow.links.length - drawn.length;
  return { nodes, links, linksLeftOut, width, height, gap: column - NODE_WIDTH };
}

interface Laid {
  readonly id: string;
  readonly position: number;
  readonly of: FlowNode;
}
