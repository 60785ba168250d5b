import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type OtlpReceiver, startOtlpReceiver } from '@throughline/testkit/otlp/otlp-receiver';
import { answerHeader, rawCall } from '@throughline/testkit/raw-call';
import { waitFor } from '@throughline/testkit/wait-for';
import { WORLD_MS_MAX } from './support/fault-length.ts';
import { readTopic } from './support/read-topic.ts';
import { useWorld } from './support/use-world.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';
const SAMPLED = `00-${TRACE}-${CALLER}-01`;

const world = useWorld();
let receiver: OtlpReceiver;
beforeAll(async () => {
  receiver = await startOtlpReceiver();
});
afterAll(() => receiver.close());

test(
  'one call is one trace over services and Kafka, from the caller’s span to its row; messages carry it for others',
  async () => {
    const { gateways, provider, servers, env, api, key } = await world('tracing', {
      partitions: 2,
      aggregators: 1,
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint, OTEL_BSP_SCHEDULE_DELAY: '50' },
    });
    const answer = await rawCall({
      url: `${gateways[0]!.url}/v1/gateway/oai/v1/chat/completions`,
      headers: {
        'Helicone-Auth': `Bearer ${key}`,
        'Helicone-Session-Id': 'traced',
        traceparent: SAMPLED,
        tracestate: 'vendor=1',
      },
      body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Trace me' }] }),
    });
    expect(answer.status).toBe(200);
    const exchange = provider.exchange(answerHeader(answer, 'x-fake-exchange')!);
    expect(exchange.headers.filter(([name]) => /^trace/i.test(name))).toEqual([
      ['traceparent', SAMPLED],
      ['tracestate', 'vendor=1'],
    ]);

    const spans = await receiver.received(3, ({ traceId }) => traceId === TRACE, 'the spans of the call');
    expect(spans).toHaveLength(3);
    const server = spans.find(({ kind }) => kind === 'server')!;
    const client = spans.find(({ kind }) => kind === 'client')!;
    const store = spans.find(({ kind }) => kind === 'consumer')!;
    expect(server).toMatchObject({ parentSpanId: CALLER, resource: { 'service.name': 'throughline-gateway' } });
    expect(client.parentSpanId).toBe(server.spanId);
    expect(store).toMatchObject({
      name: 'throughline.store',
      parentSpanId: server.spanId,
      resource: { 'service.name': 'throughline-aggregator' },
      attributes: {
        'throughline.outcome': 'stored',
        'throughline.event.id': server.attributes['throughline.event.id'],
      },
    });

    // Requests to Kafka and batches are about many calls: they are traces of their own that link to each.
    const link = { traceId: TRACE, spanId: server.spanId };
    const topic = env.KAFKA_TOPIC!;
    const sent = await receiver.received(
      1,
      ({ name, links }) => name === `send ${topic}` && links.some(({ spanId }) => spanId === server.spanId),
      'the request to Kafka',
    );
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({
      kind: 'producer',
      parentSpanId: '',
      isError: false,
      links: [link],
      attributes: { 'messaging.system': 'kafka', 'messaging.batch.message_count': 1 },
    });
    const [batch] = await receiver.received(1, ({ name }) => name === 'throughline.batch', 'the batch');
    expect(batch!.links).toEqual([link]);
    expect(store.links).toEqual([{ traceId: batch!.traceId, spanId: batch!.spanId }]);

    const [record] = await readTopic(servers.kafka.brokers, topic, 1);
    expect(record!.headers).toMatchObject({ traceparent: `00-${TRACE}-${server.spanId}-01`, tracestate: 'vendor=1' });
    const [row] = await waitFor(
      async () => {
        const rows = await api.sessionRequests('traced');
        return rows.length > 0 && rows;
      },
      { what: 'the row' },
    );
    expect(row).toMatchObject({ trace_id: TRACE, span_id: server.spanId, parent_span_id: CALLER });

    // Tracing keeps nobody from ending.
    expect(await gateways[0]!.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  },
  WORLD_MS_MAX,
);
