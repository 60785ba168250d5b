import type { QueryParam } from './analytics-store.ts';
import type { ParamType } from './param-type.ts';

/**
 * A scalar value → the text from which ClickHouse reads a value of that type, without quotes or escapes.
 *
 * - integers: a safe integer, a bigint or decimal digits, within the type's range
 * - `Float64`: any number
 * - `Date`: `YYYY-MM-DD`, 1970-01-01 … 2149-06-06
 * - `DateTime64`: epoch milliseconds, or `YYYY-MM-DD hh:mm:ss[.fraction]` in UTC, years 1900 … 2299
 * - `Decimal(P, S)`: decimal text, number or bigint of at most S places and P − S digits before them
 * - `String`: as it is; a lone surrogate becomes U+FFFD, as it does when rows are encoded
 *
 * @throws TypeError when the value is none of that type. The message does not repeat the value.
 */
export function scalarText(type: ParamType, value: QueryParam): string {
  switch (type.kind) {
    case 'string':
      if (typeof value !== 'string') throw mismatch('String', value);
      return value.toWellFormed();
    case 'int':
      return intText(type, value);
    case 'float':
      if (typeof value !== 'number') throw mismatch('Float64', value);
      return floatText(value);
    case 'bool':
      if (typeof value !== 'boolean') throw mismatch('Bool', value);
      return value ? 'true' : 'false';
    case 'date':
      return dateText(value);
    case 'datetime':
      return dateTimeText(type.precision, value);
    case 'decimal':
      return decimalText(type, value);
    case 'uuid':
      if (typeof value !== 'string' || !UUID.test(value)) throw mismatch('UUID', value);
      return value.toLowerCase();
    default:
      throw new TypeError(`${type.kind} is not a scalar`);
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function intText(type: ParamType & { kind: 'int' }, value: QueryParam): string {
  let int: bigint;
  if (typeof value === 'bigint') int = value;
  else if (typeof value === 'number' && Number.isSafeInteger(value)) int = BigInt(value);
  else if (typeof value === 'string' && /^-?\d{1,40}$/.test(value)) int = BigInt(value);
  else throw mismatch(type.name, value);
  if (int < type.min || int > type.max) throw new TypeError(`out of range for ${type.name}`);
  return int.toString();
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

function dateText(value: QueryParam): string {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) throw mismatch('Date', value);
  // The engine would clamp a date that is out of range or not in the calendar to another one.
  const at = Date.parse(value);
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== value) throw mismatch('Date', value);
  if (value < '1970-01-01' || value > '2149-06-06') throw new TypeError('out of range for Date');
  return value;
}

const DATETIME = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?$/;
const DATETIME_MIN_MS = Date.UTC(1900, 0, 1);
/** DateTime64(9) ends in 2262; every other precision in 2299. */
const DATETIME_MAX_MS = Date.UTC(2300, 0, 1) - 1;
const DATETIME_NANO_MAX_MS = Date.UTC(2262, 0, 1) - 1;

function dateTimeText(precision: number, value: QueryParam): string {
  let at: number;
  let fraction: string;
  if (typeof value === 'string') {
    const match = DATETIME.exec(value);
    if (!match) throw mismatch('DateTime64', value);
    const seconds = `${match[1]}T${match[2]}`;
    at = Date.parse(`${seconds}Z`);
    if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 19) !== seconds) throw mismatch('DateTime64', value);
    fraction = match[3] ?? '';
  } else {
    at = Number(value);
    if ((typeof value !== 'number' && typeof value !== 'bigint') || !Number.isSafeInteger(at)) {
      throw mismatch('DateTime64', value);
    }
    fraction = String(((at % 1000) + 1000) % 1000).padStart(3, '0');
  }
  if (at < DATETIME_MIN_MS || at > (precision === 9 ? DATETIME_NANO_MAX_MS : DATETIME_MAX_MS)) {
    throw new TypeError('out of range for DateTime64');
  }
  if (/[1-9]/.test(fraction.slice(precision))) throw new TypeError(`finer than DateTime64(${precision})`);
  const seconds = new Date(at).toISOString().slice(0, 19).replace('T', ' ');
  return precision === 0 ? seconds : `${seconds}.${fraction.slice(0, precision).padEnd(precision, '0')}`;
}

function decimalText(type: ParamType & { kind: 'decimal' }, value: QueryParam): string {
  const name = `Decimal(${type.precision}, ${type.scale})`;
  const text = typeof value === 'number' ? plainDecimal(value) : String(value);
  const match =
    typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string'
      ? /^(-?)0*(\d{1,80}?)(?:\.(\d{1,400}?)0*)?$/.exec(text)
      : null;
  if (!match) throw mismatch(name, value);
  const [, sign, whole, places = ''] = match as unknown as [string, string, string, string?];
  if (places.length > type.scale) throw new TypeError(`more places than ${name} holds`);
  if (whole !== '0' && whole.length > type.precision - type.scale) throw new TypeError(`out of range for ${name}`);
  return `${sign}${whole}${places && `.${places}`}`;
}

/** A number in decimal digits without an exponent: the shortest text that reads back as the same double. */
function plainDecimal(value: number): string {
  if (!Number.isFinite(value)) return '';
  const [, sign, whole, places = '', exponent] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value))!;
  if (exponent === undefined) return String(value);
  const digits = whole! + places;
  const point = whole!.length + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, '0').slice(0, point)}${digits.length > point ? `.${digits.slice(point)}` : ''}`;
}

function mismatch(name: string, value: QueryParam): TypeError {
  const given = value === null ? 'null' : Array.isArray(value) ? 'an array' : `this ${typeof value}`;
  return new TypeError(`${given} is not a value of ${name}`);
}
