import type { MessagePort } from 'node:worker_threads';

interface MetricsSource {
  readonly contentType: string;
  metrics(): Promise<string>;
}

/** How long a scrape waits for the other thread, which may be parsing a batch. */
const WAIT_MS = 2_000;

/** The metrics of this thread and, behind them, those of the thread at the other end of the port. */
export function mainThreadMetrics(own: MetricsSource, port: MessagePort): MetricsSource {
  return {
    contentType: own.contentType,
    async metrics() {
      const answer = new Promise<string>((resolve) => {
        const timer = setTimeout(() => resolve(''), WAIT_MS);
        port.once('message', (text: string) => {
          clearTimeout(timer);
          resolve(text);
        });
      });
      port.postMessage('metrics');
      return `${await own.metrics()}\n${await answer}`;
    },
  };
}

/** The other end: answers with this thread's metrics. */
export function serveMetrics(source: MetricsSource, port: MessagePort): void {
  port.on('message', () => {
    void source.metrics().then((text) => port.postMessage(text));
  });
}
