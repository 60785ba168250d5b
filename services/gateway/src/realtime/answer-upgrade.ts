import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * Answers an upgrade as if it were any other call, and closes the connection.
 *
 * @param headers names and values, alternating. The body's length is added.
 */
export function answerUpgrade(socket: Duplex, status: number, headers: readonly string[], body: Buffer): void {
  if (socket.destroyed) return;
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`];
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i]!.toLowerCase() !== 'content-length') lines.push(`${headers[i]}: ${headers[i + 1]}`);
  }
  lines.push(`Content-Length: ${body.length}`, 'Connection: close', '', '');
  const head = Buffer.from(lines.join('\r\n'), 'latin1');
  socket.on('finish', () => socket.destroy());
  socket.end(Buffer.concat([head, body]));
}
