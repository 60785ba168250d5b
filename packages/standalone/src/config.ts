import { providerByLabel } from '@throughline/providers/find-provider';
import { PROVIDERS } from '@throughline/providers/provider-table';
import type { z } from 'zod';
import { ConfigError } from './config-error.ts';
import { DISTRIBUTED_SETTINGS } from './distributed-settings.ts';
import { maskingRules } from './masking-setting.ts';
import { sessionRules } from './session-rules.ts';
import {
  bytes,
  flag,
  httpUrl,
  integer,
  list,
  logBytes,
  oneOf,
  optionalBytes,
  optionalInteger,
  origins,
  type Setting,
  setting,
  text,
  unguessable,
} from './setting.ts';

/** Every setting, by environment variable; the last ones are of services that work over servers. */
export const SETTINGS = {
  PORT: setting(
    integer(0, 65535),
    '8585',
    'TCP port to listen on; 0 takes a free one. 8585 is that of `start` and `query`; `gateway` has 8787 and `aggregator` 8686 when unset',
  ),
  HOST: setting(text, '127.0.0.1', 'address to bind to; on a loopback address calls need no Helicone key'),
  THROUGHLINE_DATA_DIR: setting(text, '.throughline', 'folder for everything that is kept'),
  THROUGHLINE_API_KEY: setting(
    text,
    '',
    'key of tenant `default` with all rights; generated and printed once when unset; given anew it replaces the old one',
    'all',
  ),
  DURABILITY: setting(
    oneOf('process', 'disk'),
    'process',
    'what an accepted call survives: the death of the process, or also a power cut (waits for the disk)',
  ),
  OUTBOX_BYTES_MAX: setting(logBytes, '10GiB', 'size of the event log at which new calls are no longer recorded'),
  LOG_RETENTION_HOURS: setting(integer(1, 87_600), '24', 'how long the event log is kept once it has been applied'),
  RETENTION_DAYS: setting(
    optionalInteger(1, 36_500),
    '',
    'how long sessions are kept after their last activity, days, and calls without one and dead letters; unset: for good. A tenant may have its own',
  ),
  BODY_RETENTION_DAYS: setting(
    optionalInteger(1, 36_500),
    '',
    'the same of request and response bodies alone, which may go earlier',
  ),
  RETENTION_INTERVAL_SECONDS: setting(
    integer(1, 86_400),
    '3600',
    'how often it is looked for what has been kept long enough',
  ),
  PURGE_DELAY_SECONDS: setting(
    integer(1, 31_536_000),
    '3600',
    'how long deleted rows are only hidden, before they are removed from the files of ClickHouse; longer than an aggregator that has lost a partition may still write',
  ),
  CAPTURE_BYTES_MAX: setting(
    bytes,
    '16MiB',
    'bytes kept of each request and response body; the rest is forwarded only',
  ),
  SESSION_RULES: setting(
    sessionRules,
    'all',
    'which headers, members of bodies and attributes of spans name a session (docs/sessions.md): all, none, the rules that are on, or those that are off (-body-prompt-cache-key), comma-separated',
  ),
  ESTIMATE_TOKENS: setting(
    flag,
    'true',
    'count the tokens of answers that say nothing of their usage, and price them as estimated (docs/providers.md); takes about 100 MB of memory from the first such call on',
  ),
  CAPTURE_TOTAL_BYTES_MAX: setting(bytes, '512MiB', 'bytes held for all calls under way together'),
  RESPONSE_CACHE_BYTES_MAX: setting(
    bytes,
    '128MiB',
    'bytes of all answers in the response cache (docs/behaviour-headers.md), in the data directory or in Redis; an answer may have 8 MiB',
  ),
  ALLOWED_TARGETS: setting(
    list,
    '',
    'host[:port] patterns that Helicone-Target-URL and webhooks may also reach, the former beside PROVIDER_<NAME>_URL; comma-separated; `*` is any public name',
  ),
  HEADERS_MAX: setting(
    integer(100, 16_384),
    '1000',
    'headers of a call; beyond it 431. Their block may have 64 KiB, whatever is set here',
  ),
  PROPERTIES_MAX: setting(integer(1, 16_384), '256', 'properties of a call among them; beyond it 431'),
  MAX_REQUEST_BYTES: setting(
    optionalBytes,
    '',
    'largest request body that is passed on; beyond it 413. Unset: whatever the provider takes',
  ),
  UPLOAD_IDLE_TIMEOUT_MS: setting(
    integer(1_000, 600_000),
    '60000',
    'longest time in which less than 1 KiB of a request body comes, ms; then 408. In all, a body may take ten minutes',
  ),
  CALLS_PER_KEY_MAX: setting(
    integer(0, 1_000_000),
    '0',
    'proxied calls, streams among them, that a key may have under way at each gateway, and that all calls without a valid key may have together; beyond it 429. 0: any number',
  ),
  MASKING_RULES: setting(
    maskingRules,
    '',
    'what is masked before a call is stored, JSON such as {"emails":true,"cards":true,"keys":true,"literals":["…"],"paths":["metadata.ssn"]}, or the path of a file with it; see docs/security.md',
    'all',
  ),
  MASKING_THREADS: setting(
    integer(1, 64),
    '1',
    'threads that mask; one masks some thousand calls of a few kilobytes per second',
  ),
  REQUIRE_KEY: setting(flag, 'false', 'refuse to proxy calls without a valid Helicone key'),
  ALLOW_WRITE_KEYS_TO_READ: setting(flag, 'false', 'let keys with `w` alone use the query API'),
  BODY_URL_SECRET: setting(
    unguessable,
    '',
    'signs the links to bodies in answers (`signed_body_url`), 32 characters or more, the same for all `query` services; unset: `start` keeps one of its own, and each `query` service opens only the links it made itself',
    'all',
  ),
  CORS_ORIGINS: setting(origins, '', 'origins that browsers may call, and open sockets, from, comma-separated'),
  CLOSE_PUBLIC_ROUTES: setting(flag, 'false', 'ask for a key on /metrics, /docs and /openapi.json too'),
  DASHBOARD: setting(flag, 'true', 'serve the dashboard at /'),
  UPSTREAM_TIMEOUT_MS: setting(integer(1, 86_400_000), '600000', 'longest silence of a provider, ms'),
  OTEL_EXPORTER_OTLP_ENDPOINT: setting(
    httpUrl,
    '',
    'where spans are sent, e.g. http://localhost:4318; unset: tracing is off. The other OTEL_* variables of OpenTelemetry hold as well',
    'url-password',
  ),
  LOG_LEVEL: setting(oneOf('trace', 'debug', 'info', 'warn', 'error', 'silent'), 'info', 'least level that is logged'),
  ...DISTRIBUTED_SETTINGS,
} as const satisfies Record<string, Setting<unknown>>;

type Values = { readonly [K in keyof typeof SETTINGS]: z.output<(typeof SETTINGS)[K]['parse']> };

export interface Config extends Values {
  /** `PROVIDER_<NAME>_URL`: provider name → origin. */
  readonly providerOrigins: Readonly<Record<string, string>>;
}

export interface SettingSource {
  readonly name: string;
  readonly value: string;
  readonly default: string;
  readonly source: 'environment' | 'default';
  readonly about: string;
}

/** @throws ConfigError naming the first setting that cannot be used. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const values: Record<string, unknown> = {};
  for (const [name, { parse, default: fallback, about, secret }] of Object.entries(SETTINGS) as [
    string,
    Setting<unknown>,
  ][]) {
    const given = env[name];
    const result = parse.safeParse(given === undefined || given === '' ? fallback : given);
    if (!result.success) {
      const said = JSON.stringify(shown(given ?? '', secret).slice(0, 100));
      throw new ConfigError(`${name}=${said} ${result.error.issues[0]!.message}. ${name} is: ${about}.`);
    }
    values[name] = result.data;
  }
  return Object.freeze({ ...(values as Values), providerOrigins: readProviderOrigins(env) });
}

/** Every setting with its value and where that comes from. Keys are never shown. */
export function describeConfig(env: Readonly<Record<string, string | undefined>>): SettingSource[] {
  const settings: [string, Setting<unknown>][] = Object.entries(SETTINGS);
  const rows: SettingSource[] = settings.map(([name, { default: fallback, about, secret }]) => {
    const given = env[name];
    const isSet = given !== undefined && given !== '';
    const value = !isSet ? fallback : shown(given, secret);
    return { name, value, default: fallback, source: isSet ? 'environment' : 'default', about };
  });
  const replaced = Object.entries(readProviderOrigins(env));
  for (const [provider, origin] of replaced) {
    const about = `origin that replaces every host of ${provider}`;
    rows.push({ name: `PROVIDER_${provider}_URL`, value: origin, default: '', source: 'environment', about });
  }
  if (replaced.length === 0) {
    const about = 'origin that replaces every host of a provider, e.g. PROVIDER_OPENAI_URL';
    rows.push({ name: 'PROVIDER_<NAME>_URL', value: '', default: '', source: 'default', about });
  }
  return rows;
}

function shown(value: string, secret: Setting<unknown>['secret']): string {
  if (secret === 'all') return '(set, not shown)';
  // Not by a URL parser: what it cannot read may hold a password as well.
  return secret === 'url-password' ? value.replace(/\/\/[^@/]*@/, '//***@') : value;
}

function readProviderOrigins(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const origins: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(env)) {
    const provider = /^PROVIDER_([A-Z0-9_]+)_URL$/.exec(name)?.[1];
    if (!provider || !value) continue;
    // `bedrock` is a label of AWS: under the name BEDROCK there are only rows of old.
    const callable = PROVIDERS.map((known) => known.name).filter(
      (known) => providerByLabel(known.toLowerCase())?.name === known,
    );
    if (!callable.includes(provider)) {
      throw new ConfigError(`${name} names no provider: it is one of ${callable.join(', ')}.`);
    }
    const url = URL.parse(value);
    if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.pathname !== '/') {
      throw new ConfigError(`${name} is not an origin such as https://api.example.com, without path or credentials.`);
    }
    origins[provider] = url.origin;
  }
  return origins;
}
