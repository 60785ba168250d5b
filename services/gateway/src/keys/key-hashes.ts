import { hashKey } from '@throughline/contracts/keys';

/**
 * Key → SHA-256, remembered by the text of the credential: hashing costs 2 µs, and the same few keys come with every
 * call. Holds hashes only of what was sent lately; whether a key is valid is asked of the directory each time.
 */
export class KeyHashes {
  readonly #hashes = new Map<string, string>();

  of(key: string): string {
    const known = this.#hashes.get(key);
    if (known !== undefined) return known;
    const hash = hashKey(key);
    // A flood of made-up keys pushes out the oldest entries and costs no more memory.
    if (this.#hashes.size >= KEYS_MAX) this.#hashes.delete(this.#hashes.keys().next().value!);
    this.#hashes.set(key, hash);
    return hash;
  }
}

const KEYS_MAX = 4096;
