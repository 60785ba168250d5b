/** Names of a map. Whoever writes maps writes their names in the same order again: the one that came next is tried first. */
export class KnownNames<Name extends string> {
  readonly #byLength: readonly (readonly KnownName<Name>[] | undefined)[];
  #last: KnownName<Name>;

  constructor(names: readonly Name[]) {
    const known = names.map((name): KnownName<Name> => ({ name, bytes: Buffer.from(name), next: undefined }));
    this.#last = known[0]!;
    const longest = Math.max(...known.map(({ bytes }) => bytes.length));
    this.#byLength = Array.from({ length: longest + 1 }, (_, length) => {
      const some = known.filter(({ bytes }) => bytes.length === length);
      return some.length > 0 ? some : undefined;
    });
  }

  /** @param length in bytes, from `at` on. */
  find(bytes: Uint8Array, at: number, length: number): Name | undefined {
    const { next } = this.#last;
    if (next !== undefined && isSame(next.bytes, bytes, at, length)) {
      this.#last = next;
      return next.name;
    }
    for (const known of this.#byLength[length] ?? []) {
      if (!isSame(known.bytes, bytes, at, length)) continue;
      this.#last.next = known;
      this.#last = known;
      return known.name;
    }
    return undefined;
  }
}

interface KnownName<Name> {
  readonly name: Name;
  readonly bytes: Uint8Array;
  /** What followed it last. */
  next: KnownName<Name> | undefined;
}

function isSame(name: Uint8Array, bytes: Uint8Array, at: number, length: number): boolean {
  if (name.length !== length) return false;
  for (let index = 0; index < length; index++) if (name[index] !== bytes[at + index]) return false;
  return true;
}
