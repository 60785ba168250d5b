import { randomInt } from 'node:crypto';

/** A reproducible source of randomness: the same seed gives the same draws. Not for secrets. */
export interface Random {
  readonly seed: number;
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer, both ends included. */
  integer(min: number, max: number): number;
  /** True with the given probability, 0–1. */
  chance(probability: number): boolean;
  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T;
  bytes(length: number): Buffer;
  /** An independent source derived from this one's seed, so that drawing from one does not move the other. */
  fork(label: number | string): Random;
}

/**
 * The seed of a test run: from the environment variable `SEED`, else random. It is printed, so that a failed run can be
 * repeated with `SEED=<n>`.
 *
 * @param label what is seeded; printed with the seed.
 */
export function seedFromEnv(label: string): number {
  const given = process.env.SEED;
  const seed = given ? Number(given) : randomInt(2 ** 31);
  if (!Number.isInteger(seed)) throw new Error(`SEED=${given} is not an integer`);
  process.stderr.write(`${label}: SEED=${seed}\n`);
  return seed;
}

/** The generator is mulberry32: 32 bits of state are plenty for choosing test cases. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  return {
    seed,
    next,
    integer,
    chance: (probability) => next() < probability,
    pick: (list) => list[integer(0, list.length - 1)]!,
    bytes: (length) => Buffer.from(Array.from({ length }, () => integer(0, 255))),
    fork: (label) => createRandom(hashText(`${seed}/${label}`)),
  };
}

/** FNV-1a over UTF-16 units, 32 bits: a stable number for a text. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}

/** A UUIDv4 drawn from `random`, for ids that callers choose. */
export function randomUuid(random: Random): string {
  const bytes = random.bytes(16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
