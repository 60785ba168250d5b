/**
 * The reference for whatever takes logged calls: bare Node http that reads the body whole, parses it as JSON, throws the
 * result away and answers. It decides nothing and keeps nothing.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { onParentGone, tellParent } from '../processes/parent.ts';

const server = http.createServer({ keepAliveTimeout: 72_000 }, (req, res) => {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () => {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
    res.writeHead(typeof body === 'object' ? 200 : 400, ['Content-Type', 'application/json', 'Content-Length', '2']);
    res.end('{}');
  });
});
server.listen(0, '127.0.0.1', () => tellParent({ port: (server.address() as AddressInfo).port }));
onParentGone(() => {
  server.closeAllConnections();
});
