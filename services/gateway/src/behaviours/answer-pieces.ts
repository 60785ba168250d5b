/**
 * The body of an answer as it is given again: that of a stream in pieces that end where events do, so that its reader gets
 * them one after the other; any other in one.
 *
 * @param contentType as sent. @param encoding `''`: none. @param piecesMax each costs a write; more of them nobody tells from
 *   so many, unless they come one after the other in time.
 */
export function answerPieces(body: Buffer, contentType: string, encoding: string, piecesMax = 16): Buffer[] {
  if (body.length === 0) return [];
  if (encoding !== '' || !EVENT_STREAM.test(contentType)) return [body];
  const pieces: Buffer[] = [];
  const least = Math.max(1, Math.ceil(body.length / piecesMax));
  let from = 0;
  while (from < body.length) {
    const end = eventEnd(body, Math.min(from + least, body.length) - 1);
    pieces.push(body.subarray(from, end));
    from = end;
  }
  return pieces;
}

const EVENT_STREAM = /^text\/event-stream/i;
const LF = 10;
const CR = 13;

/** Behind the first blank line that ends at `from` or later. */
function eventEnd(body: Buffer, from: number): number {
  let at = body.indexOf(LF, from);
  while (at >= 0) {
    const before = body[at - 1] === CR ? at - 2 : at - 1;
    if (body[before] === LF) return at + 1;
    at = body.indexOf(LF, at + 1);
  }
  return body.length;
}
