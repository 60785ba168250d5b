/** Money is counted in picodollars (1e-12 USD): every price per token in the price tables is a whole number of them. */
export const PICO_PER_USD = 1_000_000_000_000n;

/**
 * USD as a double → picodollars, rounded to the nearest unit.
 *
 * @returns undefined for a value that is not finite or does not fit 64 bits (9.2 million USD): the caller treats the cost as unknown.
 */
export function usdToPico(usd: number): bigint | undefined {
  const pico = Math.round(usd * 1e12);
  if (!Number.isFinite(pico) || Math.abs(pico) > 9.2e18) return undefined;
  return BigInt(pico);
}

/** Picodollars → USD, the nearest double: the one conversion that loses exactness, made last. */
export function picoToUsd(pico: bigint): number {
  // Via the decimal text: Number(pico) / 1e12 would round twice once pico exceeds 2^53.
  return Number(picoToDecimal(pico));
}

/** Picodollars as decimal text with twelve places, as ClickHouse's `Decimal(38, 12)` reads and prints it. */
export function picoToDecimal(pico: bigint): string {
  const negative = pico < 0n;
  const digits = (negative ? -pico : pico).toString().padStart(13, '0');
  return `${negative ? '-' : ''}${digits.slice(0, -12)}.${digits.slice(-12)}`;
}

/** Decimal text of at most twelve places → picodollars. */
export function decimalToPico(text: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d{1,12}))?$/.exec(text);
  if (!match) throw new TypeError(`not a decimal of at most 12 places: ${JSON.stringify(text.slice(0, 80))}`);
  const pico = BigInt(match[2]!) * PICO_PER_USD + BigInt((match[3] ?? '').padEnd(12, '0'));
  return match[1] ? -pico : pico;
}
