/**
 * Reads streamed answers over keep-alive connections and counts what arrives: a `data` event of Node's client is one
 * chunk of the transfer coding, so that a proxy that merges or splits chunks shows. Job and result as in `stream-load.ts`.
 */
import http from 'node:http';
import { quantile } from '../measure/statistics.ts';
import { onParentGone, onParentMessage, tellParent } from '../processes/parent.ts';
import type { StreamJob, StreamResult } from './stream-load.ts';

onParentGone(() => {});
onParentMessage<StreamJob>((job) => {
  void run(job).then(tellParent);
});

async function run(job: StreamJob): Promise<StreamResult> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: job.connections });
  const firstBytesMs: number[] = [];
  const outcome = { streams: 0, chunks: 0, failures: 0 };
  const start = performance.now();
  const deadline = start + job.seconds * 1_000;
  let at = 0;

  const read = () =>
    new Promise<void>((resolve) => {
      const { headers, body } = job.calls[at++ % job.calls.length]!;
      const sentAt = performance.now();
      let isFirst = true;
      const fail = () => {
        outcome.failures++;
        resolve();
      };
      const req = http.request(job.origin + job.path, {
        method: 'POST',
        agent,
        headers: { ...headers, 'content-length': Buffer.byteLength(body), 'x-stream-gap-ms': String(job.gapMs) },
      });
      req.on('error', fail);
      req.on('response', (res) => {
        res.on('data', () => {
          if (isFirst) firstBytesMs.push(performance.now() - sentAt);
          isFirst = false;
          outcome.chunks++;
        });
        res.on('error', fail);
        res.on('end', () => {
          if (res.statusCode !== 200) outcome.failures++;
          outcome.streams++;
          resolve();
        });
      });
      req.end(body);
    });
  const client = async () => {
    while (performance.now() < deadline) await read();
  };
  await Promise.all(Array.from({ length: job.connections }, client));
  agent.destroy();
  return {
    ...outcome,
    seconds: (performance.now() - start) / 1_000,
    firstByteP50Ms: quantile(firstBytesMs, 0.5),
    firstByteP99Ms: quantile(firstBytesMs, 0.99),
  };
}
