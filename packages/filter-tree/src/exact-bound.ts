import { picoToDecimal } from '@throughline/contracts/money';

/** A bound on a scale of whole units. Where it lies between two units, `floor` is the lower one. */
export interface ExactBound<Unit> {
  readonly floor: Unit;
  readonly isWhole: boolean;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?$/;
/** No number that anyone means is longer; a double's longest exact text has 767 digits. */
const NUMBER_CHARS_MAX = 800;

/** A finite number, or its decimal text; undefined for anything else. */
export function readNumber(value: unknown): number | undefined {
  if (typeof value === 'string' && (value.length > NUMBER_CHARS_MAX || !NUMBER.test(value))) return undefined;
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/**
 * USD as a number or its decimal text → decimal text of twelve places, rounded down to whole picodollars.
 *
 * A number means its shortest decimal text: 0.1 is a tenth, not the double next to it.
 */
export function readUsd(value: unknown): ExactBound<string> | undefined {
  const number = readNumber(value);
  if (number === undefined) return undefined;
  const plain = typeof value === 'string' && !/[eE]/.test(value) ? value : String(number);
  const [, sign, whole = '', places = '', exponent = '0'] = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/.exec(plain)!;
  // All digits behind one point: 0.<digits> × 10^point.
  const digits = whole + places;
  const point = whole.length + Number(exponent);
  const shifted = point + 12;
  const units = shifted <= 0 ? '' : digits.slice(0, shifted).padEnd(shifted, '0');
  const rest = shifted <= 0 ? digits : digits.slice(shifted);
  let isWhole = !/[1-9]/.test(rest);
  let pico = BigInt(units || '0');
  if (sign === '-') pico = isWhole ? -pico : -pico - 1n;
  if (pico > PICO_MAX || pico < -PICO_MAX) {
    // Beyond every sum that is ever stored: still a bound, never reached.
    pico = pico > 0n ? PICO_MAX : -PICO_MAX;
    isWhole = false;
  }
  return { floor: picoToDecimal(pico), isWhole };
}

/** What `Decimal(38, 12)` holds. */
const PICO_MAX = 10n ** 38n - 1n;

const TIME = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:[Zz]|([+-])(\d\d):?(\d\d)?)?)?$/;

/**
 * An ISO 8601 time → epoch ms. A date alone is its midnight; a time without an offset is UTC; digits finer than
 * milliseconds put the bound between two of them. Undefined for anything else, and for days that no calendar has.
 */
export function readTime(value: unknown): ExactBound<number> | undefined {
  const match = typeof value === 'string' ? TIME.exec(value) : null;
  if (!match) return undefined;
  const [, date, minutes = '00:00', seconds = '00', fraction = '', sign, hoursOff = '0', minutesOff = '0'] = match;
  const text = `${date}T${minutes}:${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
  const at = Date.parse(text);
  // `Date` would move the 30th of February into March.
  if (Number.isNaN(at) || new Date(at).toISOString() !== text) return undefined;
  if (Number(hoursOff) > 23 || Number(minutesOff) > 59) return undefined;
  const offset = (Number(hoursOff) * 60 + Number(minutesOff)) * 60_000;
  return { floor: at - (sign === '-' ? -offset : offset), isWhole: !/[1-9]/.test(fraction.slice(3)) };
}
