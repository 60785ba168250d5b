import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type OtlpReceiver, startOtlpReceiver } from '@throughline/testkit/otlp/otlp-receiver';
import type { ReceivedSpan } from '@throughline/testkit/otlp/received-span';
import { waitFor } from '@throughline/testkit/wait-for';
import type { Logger } from '../../src/logger.ts';
import { ATTRIBUTE_CHARS_MAX, LINKS_MAX } from '../../src/tracer.ts';
import { startTracing, type Tracing } from '../../src/tracing.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';
const SAMPLED = `00-${TRACE}-${CALLER}-01`;

let receiver: OtlpReceiver;
let started: Tracing | undefined;
let set: string[] = [];
afterEach(async () => {
  await started?.close();
  started = undefined;
  for (const name of set) delete process.env[name];
  set = [];
  await receiver?.close();
});

interface Started {
  readonly tracing: Tracing;
  readonly warnings: { readonly fields: object; readonly message: string }[];
}

/** With a collector of its own; the SDK reads its settings from the environment of the process. */
async function start(env: Record<string, string> = {}): Promise<Started> {
  receiver = await startOtlpReceiver();
  const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint, ...env };
  for (const [name, value] of Object.entries(settings)) {
    process.env[name] = value;
    set.push(name);
  }
  const warnings: Started['warnings'] = [];
  const logger = {
    warn: (...[fields, message]: [string] | [object, string]) =>
      void warnings.push(typeof fields === 'string' ? { fields: {}, message: fields } : { fields, message: message! }),
    debug: () => {},
  };
  const tracing = await startTracing({
    env: settings,
    serviceName: 'throughline-test',
    serviceVersion: '1.2.3',
    instanceId: randomUUID(),
    logger: logger as unknown as Logger,
  });
  started = tracing;
  return { tracing, warnings };
}

const byName = (spans: readonly ReceivedSpan[]) => Object.fromEntries(spans.map((span) => [span.name, span]));

describe('spans reach the collector', () => {
  test.each(['http/protobuf', 'http/json'])(
    'by %s, with parents, kinds, times, attributes and resource',
    async (protocol) => {
      const { tracing } = await start({ OTEL_EXPORTER_OTLP_PROTOCOL: protocol });
      const tracer = tracing.tracer('throughline/somewhere');
      const server = tracer.start('server', {
        kind: 'server',
        parent: { traceparent: SAMPLED, tracestate: 'vendor=1' },
        attributes: { text: 'å', count: 3, ratio: 0.5, flag: true },
        startAt: 1_700_000_000_000.25,
      });
      const child = tracer.start('child', { parent: server.context });
      child.fail('ECONNRESET');
      child.end();
      server.set({ later: 'set' });
      server.end(1_700_000_000_001.5);
      expect(server.context.traceparent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
      expect(server.context.tracestate).toBe('vendor=1');
      expect(await tracing.close()).toBe(true);

      const spans = byName(receiver.spans);
      expect(spans.server).toMatchObject({
        traceId: TRACE,
        parentSpanId: CALLER,
        traceState: 'vendor=1',
        kind: 'server',
        startNs: 1_700_000_000_000_250_000n,
        endNs: 1_700_000_000_001_500_000n,
        attributes: { text: 'å', count: 3, ratio: 0.5, flag: true, later: 'set' },
        isError: false,
        scope: 'throughline/somewhere',
        resource: {
          'service.name': 'throughline-test',
          'service.version': '1.2.3',
          'service.instance.id': expect.any(String),
        },
      });
      expect(spans.child).toMatchObject({
        traceId: TRACE,
        parentSpanId: spans.server!.spanId,
        kind: 'internal',
        attributes: { 'error.type': 'ECONNRESET' },
        isError: true,
      });
      expect(receiver.requests.map(({ path }) => path)).toEqual(['/v1/traces']);
    },
  );

  test('with the name, the attributes and the headers that the environment gives', async () => {
    const { tracing } = await start({
      OTEL_SERVICE_NAME: 'ours',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20token',
    });
    tracing.tracer('x').start('one').end();
    await tracing.close();
    expect(receiver.spans[0]!.resource).toMatchObject({
      'service.name': 'ours',
      'deployment.environment.name': 'test',
    });
    expect(receiver.requests[0]!.headers.authorization).toBe('Bearer token');
  });

  test('and say nothing of the machine, the user or the command line', async () => {
    const { tracing } = await start();
    tracing.tracer('x').start('one').end();
    await tracing.close();
    const names = Object.keys(receiver.spans[0]!.resource).filter((name) => !/^(service|telemetry\.sdk)\./.test(name));
    expect(names).toEqual([]);
  });

  test('a parent that is no traceparent begins a trace', async () => {
    const { tracing } = await start();
    const span = tracing.tracer('x').start('one', { parent: { traceparent: 'garbage', tracestate: 'vendor=1' } });
    span.end();
    await tracing.close();
    expect(span.context.tracestate).toBe('');
    expect(receiver.spans[0]).toMatchObject({ parentSpanId: '', traceId: expect.stringMatching(/[1-9a-f]/) });
  });

  test('texts are cut and links are bounded; those that are none are left out', async () => {
    const { tracing } = await start();
    const links = Array.from({ length: LINKS_MAX + 20 }, (_, index) => ({
      traceparent: index === 0 ? 'garbage' : `00-${TRACE}-${(index + 1).toString(16).padStart(16, '0')}-01`,
      tracestate: '',
    }));
    const span = tracing.tracer('x').start('one', { links, attributes: { at: 'x'.repeat(10_000) } });
    span.set({ later: 'y'.repeat(10_000) });
    span.fail('z'.repeat(10_000));
    span.end();
    await tracing.close();
    const [received] = receiver.spans;
    expect(received!.attributes).toEqual({
      at: 'x'.repeat(ATTRIBUTE_CHARS_MAX),
      later: 'y'.repeat(ATTRIBUTE_CHARS_MAX),
      'error.type': 'z'.repeat(ATTRIBUTE_CHARS_MAX),
    });
    expect(received!.links).toHaveLength(LINKS_MAX);
    expect(received!.links[0]).toEqual({ traceId: TRACE, spanId: '0000000000000002' });
  });
});

describe('the sampler', () => {
  test('leaves out what the caller left out, and hands that on', async () => {
    const { tracing } = await start();
    const span = tracing
      .tracer('x')
      .start('one', { parent: { traceparent: `00-${TRACE}-${CALLER}-00`, tracestate: '' } });
    span.end();
    expect(span.isRecorded).toBe(false);
    expect(span.context.traceparent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
    await tracing.close();
    expect(receiver.spans).toEqual([]);
  });

  test('is the one that OTEL_TRACES_SAMPLER names', async () => {
    const { tracing } = await start({ OTEL_TRACES_SAMPLER: 'parentbased_always_off' });
    const tracer = tracing.tracer('x');
    tracer.start('root').end();
    tracer.start('continued', { parent: { traceparent: SAMPLED, tracestate: '' } }).end();
    await tracing.close();
    expect(receiver.spans.map(({ name }) => name)).toEqual(['continued']);
  });
});

describe('a collector', () => {
  test('that never answers is waited for no longer than the bound, and one line says so', async () => {
    const { tracing, warnings } = await start();
    receiver.behaviour = 'hold';
    tracing.tracer('x').start('one').end();
    expect(await tracing.close()).toBe(false);
    // It is still held: nothing waited for an answer.
    expect(receiver.held).toBe(1);
    receiver.release();
    expect(warnings).toEqual([{ fields: {}, message: 'the last spans could not be handed over' }]);
  });

  test('that refuses costs one warning, however often it does', async () => {
    const { tracing, warnings } = await start({
      OTEL_BSP_SCHEDULE_DELAY: '1',
      OTEL_EXPORTER_OTLP_TIMEOUT: '1',
      OTEL_BSP_MAX_QUEUE_SIZE: '2',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '1',
    });
    receiver.behaviour = 'refuse';
    const tracer = tracing.tracer('x');
    for (let round = 0; round < 5; round++) {
      const seen = receiver.requests.length;
      for (let index = 0; index < 10; index++) tracer.start('one').end();
      await waitFor(() => receiver.requests.length > seen, { what: 'a try' });
    }
    await waitFor(() => warnings.length > 0, { what: 'the warning' });
    await tracing.close();
    expect(warnings.filter(({ message }) => message === 'tracing: spans may be lost')).toHaveLength(1);
    expect(JSON.stringify(warnings)).not.toMatch(/node_modules| at /);
  });
});

describe('tracing is off', () => {
  test.each([
    {},
    { OTEL_EXPORTER_OTLP_ENDPOINT: '' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_SDK_DISABLED: 'true' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_TRACES_EXPORTER: 'none' },
  ])('with %j', async (env) => {
    const tracing = await startTracing({
      env,
      serviceName: 'x',
      serviceVersion: '1',
      instanceId: 'x',
      logger: {} as Logger,
    });
    expect(tracing.isOn).toBe(false);
    expect(tracing.tracer('x').isOn).toBe(false);
    expect(await tracing.close()).toBe(true);
  });
});
