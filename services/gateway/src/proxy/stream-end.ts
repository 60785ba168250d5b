/** Events after which a stream of server-sent events says nothing more, by their name. */
const LAST_EVENTS: readonly string[] = [
  // Anthropic messages
  'message_stop',
  // OpenAI responses
  'response.completed',
  'response.incomplete',
  'response.failed',
  // OpenAI and Anthropic: an error in place of the rest.
  'error',
];

/** Longest beginning of a line that has to be looked at: `data: {"type": "response.incomplete"`. */
const LINE_HEAD_MAX = 48;
const LF = 10;
const CR = 13;

/**
 * Finds the end of a stream of server-sent events while it passes: `data: [DONE]`, or the blank line that completes an
 * event of `LAST_EVENTS`. Looks at the beginning of lines only, so that the same text inside a message is no end, and
 * keeps no more than one such beginning, so that chunks may be cut anywhere.
 */
export class StreamEnd {
  /** Beginning of the current line, as far as earlier chunks held it. */
  #head = '';
  #lineLength = 0;
  #lastEventBegun = false;

  /**
   * @returns `open`: pass the chunk on, and what was held. `ending`: the last event seems to have begun, in this or an
   *   earlier chunk. `ended`: it is complete.
   */
  push(chunk: Buffer): 'open' | 'ending' | 'ended' {
    let at = 0;
    while (at < chunk.length) {
      const newline = chunk.indexOf(LF, at);
      const end = newline === -1 ? chunk.length : newline;
      if (this.#lineLength < LINE_HEAD_MAX) {
        // Most lines are long: only their beginning becomes a string.
        const until = Math.min(end, at + LINE_HEAD_MAX - this.#lineLength);
        this.#head += chunk.toString('latin1', at, until);
      }
      this.#lineLength += end - at;
      if (newline === -1) break;
      const isBlank = this.#lineLength === 0 || (this.#lineLength === 1 && this.#head.charCodeAt(0) === CR);
      if (isBlank) {
        if (this.#lastEventBegun) return 'ended';
      } else if (isLast(this.#head)) {
        this.#lastEventBegun = true;
      }
      this.#head = '';
      this.#lineLength = 0;
      at = newline + 1;
    }
    // An unfinished line counts as soon as it can be recognised: a client may act on it without waiting for the rest.
    return this.#lastEventBegun || isLast(this.#head) ? 'ending' : 'open';
  }
}

function isLast(line: string): boolean {
  // One look at the first letter settles nearly every line.
  const first = line.charCodeAt(0);
  if (first !== 100 && first !== 101) return false;
  return LAST_LINE.test(line);
}

const names = LAST_EVENTS.map((name) => name.replace('.', '\\.')).join('|');
const LAST_LINE = new RegExp(
  `^(?:data: ?\\[DONE\\]|event: ?(?:${names})\\r?$|data: ?\\{"type": ?"(?:${names})"|data: ?\\{"error": ?\\{)`,
);
