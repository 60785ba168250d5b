/**
 * A load generator without an HTTP client: requests are bytes made beforehand, answers are only looked through for their
 * end, so that it costs a fraction of what it measures. Job and result as in `load.ts`.
 */
import { connect } from 'node:net';
import { quantile } from '../measure/statistics.ts';
import { onParentGone, onParentMessage, tellParent } from '../processes/parent.ts';
import type { PreparedCall } from '../traffic/chat-calls.ts';
import { createAnswerScanner } from './answer-scanner.ts';
import type { LoadJob, LoadResult } from './load.ts';

onParentGone(() => {});
onParentMessage<LoadJob>((job) => {
  void run(job).then(tellParent);
});

async function run(job: LoadJob): Promise<LoadResult> {
  const url = new URL(job.origin);
  const requests = job.calls.map((call) => requestBytes(url.host, job.path, call));
  const latenciesUs: number[] = [];
  const outcome = { errors: 0, refusals: 0 };
  const start = performance.now();
  const deadline = start + job.seconds * 1_000;
  let at = 0;

  const client = () =>
    new Promise<void>((resolve) => {
      const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
      let sentAt = 0;
      const send = () => {
        if (performance.now() >= deadline) {
          socket.destroy();
          resolve();
          return;
        }
        at = (at + 1) % requests.length;
        sentAt = performance.now();
        socket.write(requests[at]!);
      };
      const scan = createAnswerScanner((status) => {
        latenciesUs.push((performance.now() - sentAt) * 1_000);
        if (status >= 400) outcome.refusals++;
        send();
      });
      socket.on('connect', send);
      socket.on('data', scan);
      socket.on('error', () => outcome.errors++);
      socket.on('close', () => resolve());
    });

  await Promise.all(Array.from({ length: job.connections }, client));
  return {
    requests: latenciesUs.length,
    seconds: (performance.now() - start) / 1_000,
    p50Us: quantile(latenciesUs, 0.5),
    p99Us: quantile(latenciesUs, 0.99),
    ...outcome,
  };
}

function requestBytes(host: string, path: string, { headers, body, bodyEncoding }: PreparedCall): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const bytes = Buffer.from(body, bodyEncoding ?? 'utf8');
  const head = `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${bytes.length}\r\n${lines.join('')}\r\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
}
