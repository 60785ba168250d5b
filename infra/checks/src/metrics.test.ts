import { describe, expect, test } from '@jest/globals';
import { SETTINGS } from '@throughline/standalone/config';
import { parse } from 'yaml';
import { readCompose } from './compose-file.ts';
import { registeredMetrics } from './registered-metrics.ts';
import { readText } from './repository.ts';

interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly what_to_do: string };
}
interface Panel {
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const metrics = registeredMetrics();
const { groups } = parse(readText('infra/prometheus/alerts.yml')) as { groups: { rules: AlertRule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const { panels } = JSON.parse(readText('infra/grafana/throughline.json')) as { panels: Panel[] };
const expressions = [
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
  ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const)),
];

/** Labels that Prometheus itself adds, and those of the parts of a histogram. */
const ADDED_LABELS = ['job', 'instance', 'le'];
/** Gauges that only ever grow, until the process ends: made by reading what the outbox has counted. */
const COUNTED_SINCE_START =
  /_(?:(?:appended|refused|sent|resent|replaced|lost|unknown_key)_events|send_errors|memberships)$/;

function metricOf(name: string) {
  const whole = metrics.get(name);
  if (whole) return { ...whole, isPart: false };
  const base = name.replace(/_(?:bucket|sum|count)$/, '');
  const histogram = metrics.get(base);
  return histogram?.kind === 'histogram' ? { ...histogram, isPart: true } : undefined;
}

const namesIn = (expr: string) => [...expr.matchAll(/\bthroughline_[a-z_]+/g)].map(([name]) => name);

test('there is something to ask for', () => {
  expect(metrics.get('throughline_gateway_requests_total')).toEqual({
    kind: 'counter',
    labels: ['provider', 'status'],
  });
  expect(metrics.get('throughline_outbox_events')).toEqual({ kind: 'gauge', labels: [] });
  expect(metrics.get('throughline_query_seconds')).toEqual({ kind: 'histogram', labels: ['route'] });
  expect(metrics.get('throughline_consumer_lag_events')).toEqual({ kind: 'gauge', labels: ['partition'] });
});

describe.each(expressions)('%s', (_title, expr) => {
  test('asks for metrics that exist, as what they are', () => {
    for (const name of namesIn(expr)) {
      const metric = metricOf(name);
      expect([name, metric !== undefined]).toEqual([name, true]);
      expect([name, metric!.kind === 'histogram']).toEqual([name, metric!.isPart]);
      const isRate = new RegExp(`(?:rate|increase)\\(${name}\\b`).test(expr);
      const grows = metric!.kind !== 'gauge' || COUNTED_SINCE_START.test(name);
      if (isRate) expect([name, grows]).toEqual([name, true]);
    }
  });

  test('asks for labels that they have', () => {
    const known = new Set([...ADDED_LABELS, ...namesIn(expr).flatMap((name) => metricOf(name)?.labels ?? [])]);
    const used = [
      ...[...expr.matchAll(/(?:by|on) \(([^)]*)\)/g)].flatMap(([, list]) => list!.split(/,\s*/)),
      ...[...expr.matchAll(/(\w+)(?:=~|!~|!=|=)"/g)].map(([, label]) => label!),
    ];
    for (const label of used) expect([...known]).toContain(label);
  });
});

describe.each(rules.map((rule) => [rule.alert, rule] as const))('alert %s', (_name, { labels, annotations, expr }) => {
  test('says what is wrong and what to do, with settings and commands that exist', () => {
    expect(labels.severity).toMatch(/^(?:critical|warning|info)$/);
    expect(annotations.summary.length).toBeGreaterThan(10);
    expect(annotations.what_to_do.length).toBeGreaterThan(60);
    const { summary, what_to_do } = annotations;
    for (const [word] of `${summary} ${what_to_do}`.matchAll(/\b[A-Z]+(?:_[A-Z]+)+\b(?!_)/g)) {
      if (!word.startsWith('PROVIDER_')) expect(Object.keys(SETTINGS)).toContain(word);
    }
    const commands = readText('packages/standalone/src/cli.ts');
    for (const [, command] of what_to_do.matchAll(/`throughline ([a-z-]+)/g)) {
      expect(commands).toMatch(new RegExp(`^ {2}'?${command}'?: \\{`, 'm'));
    }
    const asked = new Set(namesIn(expr).flatMap((name) => metricOf(name)?.labels ?? []));
    for (const [, label] of `${summary}${what_to_do}`.matchAll(/\$labels\.(\w+)/g)) {
      expect([...asked, ...ADDED_LABELS]).toContain(label);
    }
  });
});

test('alerts have names of their own, and each kind of trouble has one', () => {
  const names = rules.map(({ alert }) => alert);
  expect(new Set(names).size).toBe(names.length);
  const watched = rules.map(({ expr }) => expr).join(' ');
  for (const name of [
    'throughline_gateway_not_recorded_total',
    'throughline_outbox_oldest_seconds',
    'throughline_outbox_bytes',
    'throughline_outbox_lost_events',
    'throughline_consumer_lag_events',
    'throughline_aggregator_partition_paused',
    'throughline_aggregator_dead_letters_total',
    'throughline_aggregator_freshness_seconds_bucket',
    'throughline_query_seconds_bucket',
  ]) {
    expect(watched).toContain(name);
  }
});

test('the dashboard shows every metric of the services over servers, in panels that do not overlap', () => {
  const shown = new Set(panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => namesIn(expr))));
  const missing = [...metrics.keys()].filter(
    (name) => ![...shown].some((one) => one.replace(/_(?:bucket|sum|count)$/, '') === name || one === name),
  );
  expect(missing.filter((name) => !NOT_SHOWN.includes(name))).toEqual([]);
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
});

/** Those of `throughline start`, and those that mean nothing on a graph. */
const NOT_SHOWN = [
  'throughline_log_bytes',
  'throughline_log_appended_events',
  'throughline_log_refused_events',
  'throughline_aggregator_batches_total',
  'throughline_aggregator_fence_offset',
  'throughline_gateway_truncated_bodies_total',
  // Where MASKING_RULES are set.
  'throughline_gateway_masking_dropped_total',
  'throughline_gateway_masking_waiting_bytes',
  // Where calls ask for more than being sent.
  'throughline_gateway_cache_reads_total',
  'throughline_gateway_call_state_failures_total',
  'throughline_gateway_rate_limit_calls_total',
  'throughline_gateway_moderated_calls_total',
  'throughline_gateway_token_limited_calls_total',
  'throughline_gateway_omission_dropped_total',
  'throughline_gateway_upstream_pools',
  // How many pages are open.
  'throughline_live_streams',
];

test('Prometheus finds each service where the compose file has it', () => {
  const { scrape_configs } = parse(readText('infra/prometheus/prometheus.yml')) as {
    scrape_configs: { job_name: string; dns_sd_configs: { names: string[]; port: number }[] }[];
  };
  const { services } = readCompose('docker-compose.yml');
  const jobs = scrape_configs.map(({ job_name, dns_sd_configs: [found] }) => [job_name, found!.names[0], found!.port]);
  expect(jobs).toEqual(
    ['gateway', 'aggregator', 'query'].map((name) => [`throughline-${name}`, name, services[name]!.environment!.PORT]),
  );
});
