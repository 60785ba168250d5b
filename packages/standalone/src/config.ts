import { PROVIDERS } from '@throughline/providers/provider-table';
import { z } from 'zod';
import { ConfigError } from './config-error.ts';

/** One setting: how it is read, what holds when it is unset, and why. Units are in the name or in `about`. */
interface Setting<T> {
  readonly parse: z.ZodType<T, string>;
  readonly default: string;
  readonly about: string;
}

const text = z.string();
const flag = z
  .string()
  .refine((value) => /^(true|false|1|0|on|off|yes|no)$/i.test(value), { error: 'is not true or false' })
  .transform((value) => /^(true|1|on|yes)$/i.test(value));
const integer = (min: number, max: number) =>
  z
    .string()
    .refine((value) => /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max, {
      error: `is not a whole number from ${min} to ${max}`,
    })
    .transform(Number);
const oneOf = <T extends string>(...values: T[]) =>
  z
    .string()
    .refine((value) => (values as string[]).includes(value), { error: `is not one of ${values.join(', ')}` })
    .transform((value) => value as T);
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

const origins = list.refine((items) => items.every((item) => item === '*' || URL.parse(item)?.origin === item), {
  error: 'is not a list of origins such as https://app.example.com, or *',
});

/** A number of bytes, plain or with KiB, MiB, GiB. */
const bytes = z
  .string()
  .refine((value) => BYTES.test(value), { error: 'is not a size such as 16MiB or 1048576' })
  .transform((value) => {
    const [, digits, unit] = BYTES.exec(value)!;
    return Number(digits) * 1024 ** ['', 'k', 'm', 'g'].indexOf((unit ?? '').slice(0, 1).toLowerCase());
  });
const LOG_BYTES_MIN = 1024 ** 2;
const logBytes = bytes.refine((value) => value >= LOG_BYTES_MIN, { error: 'is less than 1MiB' });
const BYTES = /^(\d{1,12})\s*(KiB|MiB|GiB)?$/i;

const setting = <T>(parse: z.ZodType<T, string>, value: string, about: string): Setting<T> => ({
  parse,
  default: value,
  about,
});

/** Every setting of embedded mode, by environment variable. */
export const SETTINGS = {
  PORT: setting(integer(0, 65535), '8585', 'TCP port of gateway, API and dashboard; 0 takes a free one'),
  HOST: setting(text, '127.0.0.1', 'address to bind to; on a loopback address calls need no Helicone key'),
  THROUGHLINE_DATA_DIR: setting(text, '.throughline', 'folder for everything that is kept'),
  THROUGHLINE_API_KEY: setting(
    text,
    '',
    'key of tenant `default` with all rights; generated and printed once when unset; given anew it replaces the old one',
  ),
  DURABILITY: setting(
    oneOf('process', 'disk'),
    'process',
    'what an accepted call survives: the death of the process, or also a power cut (waits for the disk)',
  ),
  OUTBOX_BYTES_MAX: setting(logBytes, '10GiB', 'size of the event log at which new calls are no longer recorded'),
  LOG_RETENTION_HOURS: setting(integer(1, 87_600), '24', 'how long the event log is kept once it has been applied'),
  CAPTURE_BYTES_MAX: setting(
    bytes,
    '16MiB',
    'bytes kept of each request and response body; the rest is forwarded only',
  ),
  CAPTURE_TOTAL_BYTES_MAX: setting(bytes, '512MiB', 'bytes held for all calls under way together'),
  ALLOWED_TARGETS: setting(
    list,
    '',
    'host[:port] patterns that Helicone-Target-URL may also reach, beside PROVIDER_<NAME>_URL; comma-separated; `*` is any public name',
  ),
  REQUIRE_KEY: setting(flag, 'false', 'refuse to proxy calls without a valid Helicone key'),
  ALLOW_WRITE_KEYS_TO_READ: setting(flag, 'false', 'let keys with `w` alone use the query API'),
  CORS_ORIGINS: setting(origins, '', 'origins that browsers may call from, comma-separated'),
  CLOSE_PUBLIC_ROUTES: setting(flag, 'false', 'ask for a key on /metrics too'),
  UPSTREAM_TIMEOUT_MS: setting(integer(1, 86_400_000), '600000', 'longest silence of a provider, ms'),
  LOG_LEVEL: setting(oneOf('trace', 'debug', 'info', 'warn', 'error', 'silent'), 'info', 'least level that is logged'),
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
  for (const [name, { parse, default: fallback, about }] of Object.entries(SETTINGS)) {
    const given = env[name];
    const result = parse.safeParse(given === undefined || given === '' ? fallback : given);
    if (!result.success) {
      const shown = JSON.stringify(given?.slice(0, 100));
      throw new ConfigError(`${name}=${shown} ${result.error.issues[0]!.message}. ${name} is: ${about}.`);
    }
    values[name] = result.data;
  }
  return Object.freeze({ ...(values as Values), providerOrigins: readProviderOrigins(env) });
}

/** Every setting with its value and where that comes from. Keys are never shown. */
export function describeConfig(env: Readonly<Record<string, string | undefined>>): SettingSource[] {
  const rows: SettingSource[] = Object.entries(SETTINGS).map(([name, { default: fallback, about }]) => {
    const given = env[name];
    const isSet = given !== undefined && given !== '';
    const value = !isSet ? fallback : name === 'THROUGHLINE_API_KEY' ? '(set, not shown)' : given;
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

function readProviderOrigins(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const origins: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(env)) {
    const provider = /^PROVIDER_([A-Z0-9_]+)_URL$/.exec(name)?.[1];
    if (!provider || !value) continue;
    if (!PROVIDERS.some(({ name: known }) => known === provider)) {
      throw new ConfigError(
        `${name} names no provider: it is one of ${PROVIDERS.map((known) => known.name).join(', ')}.`,
      );
    }
    const url = URL.parse(value);
    if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.pathname !== '/') {
      throw new ConfigError(`${name} is not an origin such as https://api.example.com, without path or credentials.`);
    }
    origins[provider] = url.origin;
  }
  return origins;
}
