import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fitPath } from './fit-path.ts';
import { type Flow, type FlowNode, layOutFlow } from './lay-out-flow.ts';
import { mainWay } from './main-way.ts';
import { type FlowKey, nextMark } from './next-mark.ts';

const sessionsOf = fc.array(fc.array(fc.constantFrom('/a', '/b', '/c', '/d'), { minLength: 1, maxLength: 7 }), {
  minLength: 1,
  maxLength: 30,
});

describe('a flow that is laid out', () => {
  it('puts each position into its column, nothing over anything, within the drawing', () => {
    fc.assert(
      fc.property(sessionsOf, fc.integer({ min: 200, max: 2_500 }), (sessions, room) => {
        const placed = layOutFlow(flowOf(sessions), room);
        const columns = Map.groupBy(placed.nodes, ({ node }) => node.position);
        const xs = [...columns.keys()]
          .sort((a, b) => a - b)
          .map((position) => columns.get(position)!.map(({ x }) => x));
        for (const column of xs) expect(Math.max(...column) - Math.min(...column)).toBeLessThan(0.001);
        for (const [left, right] of xs.slice(1).map((column, i) => [xs[i]![0]!, column[0]!] as const))
          expect(right - left).toBeGreaterThan(100);
        for (const column of columns.values()) {
          const ordered = column.toSorted((a, b) => a.y - b.y);
          for (const [above, below] of ordered.slice(1).map((node, i) => [ordered[i]!, node] as const))
            expect(below.y).toBeGreaterThanOrEqual(above.y + above.height + 1);
        }
        for (const { x, y, width, height } of placed.nodes) {
          expect(x).toBeGreaterThanOrEqual(0);
          expect(y).toBeGreaterThanOrEqual(0);
          expect(x + width + placed.gap).toBeLessThanOrEqual(placed.width);
          expect(y + height).toBeLessThanOrEqual(placed.height);
        }
        expect(placed.links.every(({ from, to }) => from.x < to.x)).toBe(true);
        expect(new Set(placed.links.map(({ id }) => id)).size).toBe(placed.links.length);
      }),
    );
  });

  it('draws the broadest ways where there are too many to see, and says how many it leaves out', () => {
    const paths = Array.from({ length: 30 }, (_, at) => `/${at}`);
    const sessions = paths.flatMap((from) => paths.map((to) => [from, to]));
    const placed = layOutFlow(flowOf([...sessions, ['/7', '/7'], ['/7', '/7']]), 1_000);
    expect(placed.links).toHaveLength(400);
    expect(placed.linksLeftOut).toBe(30 + 900 + 30 - 400);
    expect(placed.links.map(({ id }) => id)).toContain('1:/7→2:/7↺');
  });

  it('is empty where there is nothing', () => {
    expect(layOutFlow({ nodes: [], links: [] }, 500)).toMatchObject({ nodes: [], links: [] });
  });

  it('can be walked from the start to every mark of the widest way and back', () => {
    const placed = layOutFlow(flowOf([['/a', '/b'], ['/a', '/b'], ['/a', '/c'], ['/d']]), 800);
    const walk = (from: string, ...keys: readonly FlowKey[]) =>
      keys.reduce((id, key) => nextMark(placed, id, key), from);
    const right = ['ArrowRight', 'ArrowRight'] as const;
    expect(walk('0:start', ...right)).toBe('1:/a');
    expect(walk('0:start', ...right, ...right)).toBe('2:/b');
    expect(walk('0:start', ...right, ...right, ...right)).toBe('3:end');
    expect(walk('3:end', 'ArrowRight')).toBe('3:end');
    expect(walk('3:end', 'ArrowLeft', 'ArrowLeft')).toBe('2:/b');
    expect(walk('2:/b', 'Home')).toBe('0:start');
    const column = ['1:/a', '1:/d'].sort((a, b) => yOf(a) - yOf(b));
    expect(walk(column[0]!, 'ArrowDown')).toBe(column[1]);
    expect(walk(column[1]!, 'ArrowDown')).toBe(column[1]);
    expect(walk(column[1]!, 'ArrowUp')).toBe(column[0]);
    function yOf(id: string): number {
      return placed.nodes.find((node) => node.id === id)!.y;
    }
  });

  it('has every link within reach of the keyboard', () => {
    fc.assert(
      fc.property(sessionsOf, (sessions) => {
        const placed = layOutFlow(flowOf(sessions), 900);
        const reached = new Set(['0:start']);
        for (const id of reached)
          for (const key of ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'] as const)
            reached.add(nextMark(placed, id, key));
        for (const { id } of [...placed.nodes, ...placed.links]) expect(reached).toContain(id);
      }),
    );
  });
});

describe('the main way', () => {
  it('follows the most sessions, each path once', () => {
    expect(
      mainWay(
        flowOf([
          ['/a', '/b', '/a', '/c'],
          ['/a', '/b', '/a', '/c'],
          ['/a', '/d'],
        ]),
      ),
    ).toEqual(['/a', '/b', '/c']);
    expect(mainWay(flowOf([]))).toEqual([]);
  });
});

describe('a path in few characters', () => {
  it.each([
    ['/plan/tool/search', 20, '/plan/tool/search'],
    ['/plan/tool/search', 14, '…/tool/search'],
    ['/plan/tool/search', 10, '…/search'],
    ['/plan/tool/search', 7, 'search'],
    ['/plan/tool/search', 5, 'sear…'],
    ['/escalate', 5, '/esc…'],
  ])('%s in %d is %s', (path, room, text) => {
    expect(fitPath(path, room)).toBe(text);
  });

  it('is never longer than its room', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme-composite', maxLength: 60 }),
        fc.integer({ min: 2, max: 40 }),
        (path, room) => {
          expect([...fitPath(path, room)].length).toBeLessThanOrEqual(room);
        },
      ),
    );
  });
});

/** As the API answers for sessions that took these steps. */
function flowOf(sessions: readonly (readonly string[])[]): Pick<Flow, 'nodes' | 'links'> {
  const nodes = new Map<string, FlowNode>();
  const links = new Map<string, Flow['links'][number]>();
  const visit = (position: number, kind: FlowNode['kind'], path: string | null) => {
    const id = `${position}:${path ?? kind}`;
    const empty = { id, kind, path, position, sessions: 0, requests: 0, errors: 0, cost: 0, pattern: null };
    const node = nodes.get(id) ?? empty;
    nodes.set(id, { ...node, sessions: node.sessions + 1 });
    return id;
  };
  for (const steps of sessions) {
    let from = visit(0, 'start', null);
    const before = new Set<string>();
    for (const [index, path] of [...steps, null].entries()) {
      const to = visit(index + 1, path === null ? 'end' : 'path', path);
      const isLoop = path !== null && before.has(path);
      if (path !== null) before.add(path);
      const id = `${from} ${to} ${isLoop}`;
      const link = links.get(id) ?? { from, to, sessions: 0, is_loop: isLoop, pattern: null };
      links.set(id, { ...link, sessions: link.sessions + 1 });
      from = to;
    }
  }
  return { nodes: [...nodes.values()], links: [...links.values()] };
}
