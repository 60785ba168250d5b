import type { Message, Part } from './message.ts';

/** What a step adds to the conversation that the steps before it had. */
export interface FoldedStep {
  /** How many of its messages had been said before. */
  readonly repeated: number;
  /** Messages of the request that had not, then those of the response. */
  readonly fresh: readonly Message[];
  /** How many of `fresh` are the response's. */
  readonly answers: number;
}

/**
 * Agents send with every call what was said before. The conversation is read once: of each step only what follows the
 * longest beginning that some step before it had, answer included. Several conversations may run side by side, and a client
 * may leave out what is long ago: a message that follows the same message as before has been said too.
 */
export class ConversationFold {
  /** Beginnings of conversations, each as the hash of its messages. */
  readonly #beginnings = new Set<string>();
  /** Those of them at which a step ended: what follows one is new, however often it has been said. */
  readonly #ends = new Set<string>();
  /** Neighbours, each as the hash of both. */
  readonly #pairs = new Set<string>();

  add(request: readonly Message[], response: readonly Message[]): FoldedStep {
    const hashes = request.map(messageHash);
    let known = 0;
    let beginning = '';
    for (; known < hashes.length; known++) {
      const next = hashText(beginning + hashes[known]!);
      if (!this.#beginnings.has(next)) break;
      beginning = next;
    }
    const goesOn = this.#ends.has(beginning);
    const fresh = request.filter((_, index) => index >= known && (goesOn || !this.#isPair(hashes, index)));
    // The response is another message for each choice; what is sent later goes on with one of them.
    this.#learn([...hashes, ...response.map(messageHash)]);
    return {
      repeated: request.length - fresh.length,
      fresh: [...fresh, ...response],
      answers: response.length,
    };
  }

  #isPair(hashes: readonly string[], index: number): boolean {
    const [before, here, after] = [hashes[index - 1], hashes[index]!, hashes[index + 1]];
    if (before !== undefined && this.#pairs.has(`${before} ${here}`)) return true;
    return after !== undefined && this.#pairs.has(`${here} ${after}`);
  }

  #learn(hashes: readonly string[]): void {
    let beginning = '';
    hashes.forEach((hash, index) => {
      beginning = hashText(beginning + hash);
      this.#beginnings.add(beginning);
      if (index > 0) this.#pairs.add(`${hashes[index - 1]} ${hash}`);
    });
    this.#ends.add(beginning);
  }
}

/** The same for a message as it was answered and as it is sent back: without what providers leave out then. */
function messageHash({ role, parts }: Message): string {
  const said = parts.flatMap(saidIn);
  return hashText(`${role}\0${said.join('\0')}`);
}

function saidIn(part: Part): string[] {
  switch (part.kind) {
    case 'thinking':
      return [];
    case 'text':
    case 'refusal':
      return part.text.trim() === '' ? [] : [part.kind, part.text.trim()];
    case 'call':
      return ['call', part.id, part.name, compactJson(part.args)];
    case 'result':
      return ['result', part.id, part.text];
    case 'image':
      return ['image', part.source];
    case 'file':
      return ['file', part.about];
    case 'other':
      return ['other', JSON.stringify(part.value) ?? ''];
  }
}

/** However it is spaced: what a stream wrote piece by piece comes back written anew. */
function compactJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

/** 64 bits, as two of FNV-1a with different beginnings: a session has some millions of messages at most. */
function hashText(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b);
    b ^= b >>> 13;
  }
  return `${(a >>> 0).toString(36)}.${(b >>> 0).toString(36)}`;
}
