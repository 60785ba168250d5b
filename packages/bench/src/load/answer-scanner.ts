/**
 * Finds the end of each HTTP/1.1 answer in what a socket reads: by Content-Length, else by the last chunk. One answer
 * at a time; bodies of chunked answers must not hold the bytes of a last chunk themselves.
 *
 * @param onAnswer called at the end of each answer with its status.
 */
export function createAnswerScanner(onAnswer: (status: number) => void): (bytes: Buffer) => void {
  let head = '';
  let status = 0;
  /** Body bytes to come; −1: chunked; undefined: the head is not complete. */
  let left: number | undefined;
  let tail = '';

  const finish = () => {
    left = undefined;
    head = '';
    tail = '';
    onAnswer(status);
  };
  const body = (bytes: Buffer) => {
    if (left === -1) {
      tail = (tail + bytes.toString('latin1')).slice(-LAST_CHUNK.length);
      if (tail === LAST_CHUNK) finish();
      return;
    }
    left! -= bytes.length;
    if (left! <= 0) finish();
  };

  return function scan(bytes) {
    if (left !== undefined) {
      body(bytes);
      return;
    }
    head += bytes.toString('latin1');
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    const text = head.slice(0, end);
    const inBody = head.length - end - 4;
    status = Number(text.slice(9, 12));
    const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
    left = length === undefined ? -1 : Number(length);
    if (left === 0) finish();
    else if (inBody > 0) body(bytes.subarray(bytes.length - inBody));
  };
}

const LAST_CHUNK = '\r\n0\r\n\r\n';
