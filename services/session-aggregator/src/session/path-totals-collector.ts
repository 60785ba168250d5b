import { SmallestByHash } from '@throughline/session-totals/bounded-strings';
import type { StringsBound } from '@throughline/session-totals/session-bounds';
import type { PathTotals, SessionState } from '@throughline/session-totals/session-state';
import { TokenSum } from './token-sum.ts';

/** What one request adds to the totals of its path. */
export interface PathShare {
  readonly isError: boolean;
  readonly costPico: bigint | null;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly latency: number;
  readonly startedAt: number;
  readonly endedAt: number;
}

/**
 * Totals per path, at most so many paths, those smallest by hash; the others are added up in one. A path that stays was
 * counted from its first request on, and one that left never comes back, so the order of arrival leaves no trace.
 */
export class PathTotalsCollector {
  readonly #start: ReadonlyMap<string, PathTotals>;
  readonly #startOther: PathTotals | null;
  readonly #bound: StringsBound;
  /** Copied from the start on the first change; what changed is a `Sums`. */
  #paths: Map<string, PathTotals | Sums> | undefined;
  #changed: string[] = [];
  #other: Sums | undefined;
  #smallest: SmallestByHash | undefined;

  constructor(start: ReadonlyMap<string, PathTotals>, other: PathTotals | null, bound: StringsBound) {
    this.#start = start;
    this.#startOther = other;
    this.#bound = bound;
  }

  add(path: string, share: PathShare): void {
    this.#paths ??= new Map(this.#start);
    const known = this.#paths.get(path);
    if (known instanceof Sums) known.add(share);
    else if (known !== undefined) this.#change(path, new Sums(known)).add(share);
    else this.#addNew(path, share);
  }

  result(): Pick<SessionState, 'paths' | 'otherPaths'> {
    const paths = this.#paths;
    if (paths !== undefined) {
      for (const path of this.#changed) {
        const sums = paths.get(path);
        if (sums instanceof Sums) paths.set(path, sums.totals());
      }
      if (paths.size >= this.#bound.countMax) this.#smallest?.remember(paths);
    }
    return {
      paths: (paths as Map<string, PathTotals> | undefined) ?? this.#start,
      otherPaths: this.#other?.totals() ?? this.#startOther,
    };
  }

  #addNew(path: string, share: PathShare): void {
    const paths = this.#paths!;
    if (path.length > this.#bound.charsMax) {
      this.#others().add(share);
      return;
    }
    this.#smallest ??= new SmallestByHash(this.#bound.countMax, this.#start);
    const leaver = this.#smallest.admit(path, paths);
    if (leaver === path) {
      this.#others().add(share);
      return;
    }
    if (leaver !== undefined) {
      const left = paths.get(leaver)!;
      this.#others().merge(left instanceof Sums ? left.totals() : left);
      paths.delete(leaver);
    }
    this.#change(path, new Sums(undefined)).add(share);
  }

  #change(path: string, sums: Sums): Sums {
    this.#paths!.set(path, sums);
    this.#changed.push(path);
    return sums;
  }

  #others(): Sums {
    this.#other ??= new Sums(this.#startOther ?? undefined);
    return this.#other;
  }
}

class Sums {
  #requests: number;
  #errors: number;
  #unpriced: number;
  #costPico: bigint;
  readonly #promptTokens: TokenSum;
  readonly #completionTokens: TokenSum;
  readonly #latencyMsSum: TokenSum;
  #firstAt: number;
  #lastAt: number;

  constructor(start: PathTotals | undefined) {
    this.#requests = start?.requests ?? 0;
    this.#errors = start?.errors ?? 0;
    this.#unpriced = start?.unpriced ?? 0;
    this.#costPico = start?.costPico ?? 0n;
    this.#promptTokens = new TokenSum(start?.promptTokens);
    this.#completionTokens = new TokenSum(start?.completionTokens);
    this.#latencyMsSum = new TokenSum(start?.latencyMsSum);
    this.#firstAt = start?.firstAt ?? Number.POSITIVE_INFINITY;
    this.#lastAt = start?.lastAt ?? Number.NEGATIVE_INFINITY;
  }

  add(share: PathShare): void {
    this.#requests++;
    if (share.isError) this.#errors++;
    if (share.costPico === null) this.#unpriced++;
    else this.#costPico += share.costPico;
    this.#promptTokens.add(share.promptTokens);
    this.#completionTokens.add(share.completionTokens);
    this.#latencyMsSum.add(share.latency);
    this.#spread(share.startedAt, share.endedAt);
  }

  merge(other: PathTotals): void {
    this.#requests += other.requests;
    this.#errors += other.errors;
    this.#unpriced += other.unpriced;
    this.#costPico += other.costPico;
    this.#promptTokens.addBigint(other.promptTokens);
    this.#completionTokens.addBigint(other.completionTokens);
    this.#latencyMsSum.addBigint(other.latencyMsSum);
    this.#spread(other.firstAt, other.lastAt);
  }

  totals(): PathTotals {
    return {
      requests: this.#requests,
      errors: this.#errors,
      unpriced: this.#unpriced,
      costPico: this.#costPico,
      promptTokens: this.#promptTokens.result(),
      completionTokens: this.#completionTokens.result(),
      latencyMsSum: this.#latencyMsSum.result(),
      firstAt: this.#firstAt,
      lastAt: this.#lastAt,
    };
  }

  #spread(from: number, through: number): void {
    if (from < this.#firstAt) this.#firstAt = from;
    if (through > this.#lastAt) this.#lastAt = through;
  }
}
