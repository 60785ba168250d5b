import { parseBodyStoreUrl } from '@throughline/body-store/body-store-url';
import { z } from 'zod';

/** One setting: how it is read, what holds when it is unset, and why. Units are in the name or in `about`. */
export interface Setting<T> {
  readonly parse: z.ZodType<T, string>;
  readonly default: string;
  readonly about: string;
  /** What is not shown of it: everything, or the password of the URL that it is. */
  readonly secret?: 'all' | 'url-password';
}

export const text = z.string();
const SECRET_CHARS_MIN = 32;
/** `''`, or a secret that nobody can try out. */
export const unguessable = text.refine((value) => value === '' || value.length >= SECRET_CHARS_MIN, {
  error: `is shorter than ${SECRET_CHARS_MIN} characters; \`openssl rand -hex 32\` makes one`,
});
export const flag = z
  .string()
  .refine((value) => /^(true|false|1|0|on|off|yes|no)$/i.test(value), { error: 'is not true or false' })
  .transform((value) => /^(true|1|on|yes)$/i.test(value));
export const integer = (min: number, max: number) =>
  z
    .string()
    .refine((value) => /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max, {
      error: `is not a whole number from ${min} to ${max}`,
    })
    .transform(Number);
/** `''`, or a whole number. */
export const optionalInteger = (min: number, max: number) =>
  z
    .string()
    .refine((value) => value === '' || integer(min, max).safeParse(value).success, {
      error: `is not a whole number from ${min} to ${max}`,
    })
    .transform((value) => (value === '' ? undefined : Number(value)));
/** @param values `''` among them: unset is a choice too. */
export const oneOf = <T extends string>(...values: T[]) =>
  z
    .string()
    .refine((value) => (values as string[]).includes(value), {
      error: `is not one of ${values.filter((value) => value !== '').join(', ')}`,
    })
    .transform((value) => value as T);
export const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

const PORT_MAX = 65_535;
/** `host:port` of servers; no IPv6 addresses, which the client of Kafka takes only by name. */
export const addresses = list.refine(
  (items) =>
    items.every((item) => {
      const port = /^[A-Za-z0-9._-]+:(\d{1,5})$/.exec(item)?.[1];
      return port !== undefined && Number(port) >= 1 && Number(port) <= PORT_MAX;
    }),
  { error: 'is not a list such as kafka-1:9092,kafka-2:9092, each host:port' },
);

export const origins = list.refine((items) => items.every((item) => item === '*' || URL.parse(item)?.origin === item), {
  error: 'is not a list of origins such as https://app.example.com, or *',
});

/** `''`, or where something is reached over HTTP. */
export const httpUrl = z
  .string()
  .refine((value) => value === '' || /^https?:$/.test(URL.parse(value)?.protocol ?? ''), {
    error: 'is not a URL such as http://localhost:4318',
  });

/** `''`, or an origin without path or credentials. */
export const httpOrigin = z
  .string()
  .refine((value) => value === '' || (/^https?:\/\//.test(value) && URL.parse(value)?.origin === value), {
    error: 'is not an origin such as http://gateway:8787, without a path or a slash at its end',
  });

/** `''`, or where bodies are kept. */
export const bodyStoreUrl = z.string().superRefine((value, context) => {
  if (value === '') return;
  try {
    parseBodyStoreUrl(value);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
  }
});

/** A number of bytes, plain or with KiB, MiB, GiB. */
export const bytes = z
  .string()
  .refine((value) => BYTES.test(value), { error: 'is not a size such as 16MiB or 1048576' })
  .transform((value) => {
    const [, digits, unit] = BYTES.exec(value)!;
    return Number(digits) * 1024 ** ['', 'k', 'm', 'g'].indexOf((unit ?? '').slice(0, 1).toLowerCase());
  });
/** `''`, or a number of bytes. */
export const optionalBytes = text
  .refine((value) => value === '' || BYTES.test(value), { error: 'is not a size such as 16MiB or 1048576' })
  .transform((value) => (value === '' ? undefined : bytes.parse(value)));
const LOG_BYTES_MIN = 1024 ** 2;
export const logBytes = bytes.refine((value) => value >= LOG_BYTES_MIN, { error: 'is less than 1MiB' });
const BYTES = /^(\d{1,12})\s*(KiB|MiB|GiB)?$/i;

export function setting<T>(
  parse: z.ZodType<T, string>,
  value: string,
  about: string,
  secret?: Setting<T>['secret'],
): Setting<T> {
  return { parse, default: value, about, ...(secret && { secret }) };
}
