import { nearestPairs } from './nearest-pairs.ts';
import { type IndexPair, patiencePairs } from './patience-pairs.ts';
import type { WordSketch } from './word-sketch.ts';

/** What a step is recognised by in another session. */
export interface AlignableStep {
  readonly requestId: string;
  readonly path: string;
  /** The same for paths that differ in numbers and ids alone. */
  readonly family: string;
  readonly kind: string;
  /** Equal for requests that ask the same. */
  readonly asked: string;
  /** Equal for requests whose last words are the same, whatever went before. */
  readonly question: string;
  /** Its last words, as far as they are compared with others that are not the same. */
  readonly words: WordSketch;
  /** Request that this one says it repeats; `''` without. */
  readonly replays: string;
}

/** A step of both sessions, or of one of them: places in their lists. */
export interface AlignedStep {
  readonly a: number | undefined;
  readonly b: number | undefined;
  /** One of them names the other. */
  readonly isReplay: boolean;
}

/**
 * Which steps of two sessions are each other's: those that name each other first, then, among steps of the same path and
 * kind, in order, those that ask the same, those whose question is the same, and what lies between them by how much their
 * questions have in common. So one that is inserted shifts no others. Paths that only one of them has are taken for each
 * other where they differ in numbers and ids alone.
 *
 * @param a steps in their order, and those of `b` likewise. @returns each step of both once, in the order of `a`; what is
 *   only in `b` behind what it followed there.
 */
export function alignSteps(a: readonly AlignableStep[], b: readonly AlignableStep[]): AlignedStep[] {
  const partnerOfA = new Map<number, number>();
  const partnerOfB = new Map<number, number>();
  const pair = (at: number, bt: number) => {
    partnerOfA.set(at, bt);
    partnerOfB.set(bt, at);
  };
  for (const [at, bt] of linkedPairs(a, b)) pair(at, bt);
  const linked = new Set(partnerOfA.keys());
  const budget = { cells: CELLS_MAX };
  const pairGroups = (groupsOfA: ReadonlyMap<string, number[]>, groupsOfB: ReadonlyMap<string, number[]>) => {
    for (const [name, inB] of groupsOfB) {
      const inA = groupsOfA.get(name);
      if (!inA) continue;
      const pairs = symmetrically(
        inA.map((at) => a[at]!),
        inB.map((bt) => b[bt]!),
        (one, other) => alignGroup(one, other, budget),
      );
      for (const [i, j] of pairs) pair(inA[i]!, inB[j]!);
    }
  };
  const byPath = ({ path, kind }: AlignableStep) => JSON.stringify([path, kind]);
  pairGroups(groups(a, partnerOfA, byPath), groups(b, partnerOfB, byPath));
  const byFamily = (others: readonly AlignableStep[]) => {
    const known = new Set(others.map(({ path }) => path));
    return ({ path, family, kind }: AlignableStep) => (known.has(path) ? undefined : JSON.stringify([family, kind]));
  };
  pairGroups(groups(a, partnerOfA, byFamily(b)), groups(b, partnerOfB, byFamily(a)));
  return inOrder(a.length, b.length, partnerOfA, partnerOfB, linked);
}

/** Comparisons of steps that are not the same, in all: 40 ms. What lies beyond is paired in order. */
const CELLS_MAX = 100_000;

/** Each step once, whichever side names the other; a second that names the same is like any other. */
function* linkedPairs(a: readonly AlignableStep[], b: readonly AlignableStep[]): Generator<IndexPair> {
  const takenA = new Set<number>();
  const takenB = new Set<number>();
  const find = (steps: readonly AlignableStep[]) => {
    const places = new Map<string, number>();
    for (const [place, { requestId }] of steps.entries()) if (!places.has(requestId)) places.set(requestId, place);
    return (requestId: string) => (requestId === '' ? undefined : places.get(requestId));
  };
  const inA = find(a);
  const inB = find(b);
  for (const [bt, { replays }] of b.entries()) {
    const at = inA(replays);
    if (at === undefined || takenA.has(at)) continue;
    takenA.add(at);
    takenB.add(bt);
    yield [at, bt];
  }
  for (const [at, { replays }] of a.entries()) {
    const bt = inB(replays);
    if (bt === undefined || takenA.has(at) || takenB.has(bt)) continue;
    takenA.add(at);
    takenB.add(bt);
    yield [at, bt];
  }
}

/** Places of steps that have no partner yet. */
function groups(
  steps: readonly AlignableStep[],
  partners: ReadonlyMap<number, number>,
  nameOf: (step: AlignableStep) => string | undefined,
): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [place, step] of steps.entries()) {
    const name = partners.has(place) ? undefined : nameOf(step);
    if (name === undefined) continue;
    const places = found.get(name);
    if (places) places.push(place);
    else found.set(name, [place]);
  }
  return found;
}

/** Where two ways are as good as each other, the same one is taken whichever session is named first. */
function symmetrically(
  a: readonly AlignableStep[],
  b: readonly AlignableStep[],
  align: (one: readonly AlignableStep[], other: readonly AlignableStep[]) => IndexPair[],
): IndexPair[] {
  const textOf = (steps: readonly AlignableStep[]) =>
    JSON.stringify(steps.map(({ asked, question }) => [asked, question]));
  const isFirst = a.length !== b.length ? a.length < b.length : textOf(a) <= textOf(b);
  return isFirst ? align(a, b) : align(b, a).map(([j, i]) => [i, j]);
}

function alignGroup(a: readonly AlignableStep[], b: readonly AlignableStep[], budget: { cells: number }): IndexPair[] {
  const all: IndexPair[] = [];
  const same = patiencePairs(
    a.map(({ asked }) => asked),
    b.map(({ asked }) => asked),
  );
  all.push(...same);
  for (const gap of gapsBetween(same, a.length, b.length)) {
    const inA = a.slice(gap.a[0], gap.a[1]);
    const inB = b.slice(gap.b[0], gap.b[1]);
    const alike = patiencePairs(
      inA.map(({ question }) => question),
      inB.map(({ question }) => question),
    );
    all.push(...alike.map(([i, j]): IndexPair => [gap.a[0] + i, gap.b[0] + j]));
    for (const rest of gapsBetween(alike, inA.length, inB.length)) {
      const near = nearestPairs(inA.slice(...rest.a), inB.slice(...rest.b), budget);
      all.push(...near.map(([i, j]): IndexPair => [gap.a[0] + rest.a[0] + i, gap.b[0] + rest.b[0] + j]));
    }
  }
  return all;
}

interface Gap {
  readonly a: readonly [from: number, to: number];
  readonly b: readonly [from: number, to: number];
}

/** Where there is something on both sides between pairs that ascend. */
function gapsBetween(pairs: readonly IndexPair[], lengthA: number, lengthB: number): Gap[] {
  const found: Gap[] = [];
  let [fromA, fromB] = [0, 0];
  for (const [toA, toB] of [...pairs, [lengthA, lengthB] as const]) {
    if (toA > fromA && toB > fromB) found.push({ a: [fromA, toA], b: [fromB, toB] });
    fromA = toA + 1;
    fromB = toB + 1;
  }
  return found;
}

function inOrder(
  lengthA: number,
  lengthB: number,
  partnerOfA: ReadonlyMap<number, number>,
  partnerOfB: ReadonlyMap<number, number>,
  linked: ReadonlySet<number>,
): AlignedStep[] {
  const behind = new Map<number, AlignedStep[]>();
  let last = -1;
  for (let b = 0; b < lengthB; b++) {
    const partner = partnerOfB.get(b);
    if (partner !== undefined) last = partner;
    else {
      const alone = behind.get(last) ?? [];
      alone.push({ a: undefined, b, isReplay: false });
      behind.set(last, alone);
    }
  }
  const steps = [...(behind.get(-1) ?? [])];
  for (let a = 0; a < lengthA; a++) {
    steps.push({ a, b: partnerOfA.get(a), isReplay: linked.has(a) }, ...(behind.get(a) ?? []));
  }
  return steps;
}
