import { type Allowance, QUOTA_MAX } from '@throughline/call-state/limits/rate-limits';

/** What `Helicone-RateLimit-Policy` asks for (wire contract 1.4). */
export interface RateLimitPolicy {
  /** Decimal text without needless zeros. */
  readonly quota: string;
  readonly unit: 'request' | 'cents';
  /** Whose calls are counted together: `user`, or the name of a property, in lower case; undefined: all of the tenant's. */
  readonly segment: string | undefined;
  /** The same text for policies that mean the same. */
  readonly canonical: string;
  /** In requests, or in picodollars. */
  readonly allowance: Allowance;
}

/**
 * Reads `quota;w=seconds[;u=request|cents][;s=user|<property>]`; members behind the quota in any order, letters in either case.
 *
 * @returns undefined for a text that is no policy.
 */
export function readPolicy(text: string): RateLimitPolicy | undefined {
  const known = policies.get(text);
  if (known !== undefined) return known ?? undefined;
  if (policies.size >= POLICIES_KEPT_MAX) policies.clear();
  const policy = parse(text);
  policies.set(text, policy ?? null);
  return policy;
}

/** An application has a handful; somebody who makes them up is not to fill the memory. Null: no policy. */
const policies = new Map<string, RateLimitPolicy | null>();
const POLICIES_KEPT_MAX = 500;

/** A user's names for properties are no longer. */
const POLICY_CHARS_MAX = 300;
const WINDOW_S_MIN = 60;
const WINDOW_S_MAX = 31_536_000;
const DECIMALS_OF_CENTS = 10;

function parse(text: string): RateLimitPolicy | undefined {
  if (text.length > POLICY_CHARS_MAX) return undefined;
  const [first, ...rest] = text.split(';').map((part) => part.trim());
  const members = readMembers(rest);
  const digits = /^0*(\d+)(?:\.(\d*?)0*)?$/.exec(first!);
  if (!members || !digits || /\.$/.test(first!)) return undefined;
  const [, whole, fraction = ''] = digits;
  const windowText = members.get('w') ?? '';
  const unit = members.get('u')?.toLowerCase() ?? 'request';
  const segment = members.get('s')?.toLowerCase();
  const windowS = /^\d{1,8}$/.test(windowText) ? Number(windowText) : 0;
  if (windowS < WINDOW_S_MIN || windowS > WINDOW_S_MAX) return undefined;
  if (unit !== 'request' && unit !== 'cents') return undefined;
  const quota = fraction === '' ? whole! : `${whole}.${fraction}`;
  if (!/[1-9]/.test(quota)) return undefined;
  const decimals = unit === 'cents' ? DECIMALS_OF_CENTS : 0;
  // What is less than a unit is no unit.
  const units = BigInt(whole! + fraction.slice(0, decimals).padEnd(decimals, '0'));
  return {
    quota,
    unit,
    segment,
    canonical: `${quota};w=${windowS};u=${unit}${segment === undefined ? '' : `;s=${segment}`}`,
    allowance: { quota: units < QUOTA_MAX ? units : QUOTA_MAX, windowMs: windowS * 1_000 },
  };
}

/** @returns undefined where one is unknown, empty or given twice. */
function readMembers(parts: readonly string[]): Map<string, string> | undefined {
  const members = new Map<string, string>();
  for (const part of parts) {
    const [, name, value] = /^([wus])\s*=\s*(.+)$/i.exec(part) ?? [];
    if (!name || !value || members.has(name.toLowerCase())) return undefined;
    members.set(name.toLowerCase(), value);
  }
  return members;
}

/** Units of a policy as its quota is written: requests, or cents. */
export function unitsAsText({ unit }: RateLimitPolicy, units: bigint): string {
  if (unit === 'request') return String(units);
  const digits = String(units).padStart(DECIMALS_OF_CENTS + 1, '0');
  const fraction = digits.slice(-DECIMALS_OF_CENTS).replace(/0+$/, '');
  const whole = digits.slice(0, -DECIMALS_OF_CENTS);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
