import { ApiError } from '@throughline/contracts/errors';
import { parseTarget } from '@throughline/outbound/target-policy';
import { z } from 'zod';

/** One element of `Helicone-Fallbacks`. */
export interface Fallback {
  readonly target: URL;
  /** Names and values, alternating: what the target is sent in place of the client's headers. */
  readonly headers: readonly string[];
  /** Statuses after which the next one is tried, both ends included. */
  readonly onCodes: readonly { readonly from: number; readonly to: number }[];
  /** Merged into the JSON body; undefined leaves it as it is. */
  readonly bodyKeyOverride: Readonly<Record<string, unknown>> | undefined;
}

/** Each may take as long as a provider does; nobody has more providers of one model. */
const FALLBACKS_MAX = 10;
/** Deeper than parameters of any API, far below what merging by recursion takes. */
const OVERRIDE_DEPTH_MAX = 32;

const code = z.int().min(0).max(999);
const fallbacks = z
  .array(
    z.object({
      'target-url': z.string(),
      headers: z.record(z.string(), z.string()),
      onCodes: z.array(z.union([code, z.object({ from: code, to: code })])),
      bodyKeyOverride: z.record(z.string(), z.unknown()).optional(),
    }),
  )
  .min(1)
  .max(FALLBACKS_MAX);

/**
 * Reads `Helicone-Fallbacks` (wire contract 1.3).
 *
 * @returns at least one, in the order in which they are tried.
 * @throws ApiError `invalid-header` when it is not what it should be, `invalid-target` for an address that is none.
 */
export function readFallbacks(value: string): Fallback[] {
  const read = fallbacks.safeParse(parse(value));
  if (!read.success) {
    const [issue] = read.error.issues;
    const at = issue!.path.length > 0 ? ` at ${issue!.path.join('.')}` : '';
    throw invalid(`${issue!.message}${at}`);
  }
  return read.data.map(({ 'target-url': url, headers, onCodes, bodyKeyOverride }) => {
    if (bodyKeyOverride && depthOf(bodyKeyOverride, OVERRIDE_DEPTH_MAX) > OVERRIDE_DEPTH_MAX) {
      throw invalid(`bodyKeyOverride is deeper than ${OVERRIDE_DEPTH_MAX}`);
    }
    for (const [name, text] of Object.entries(headers)) requireHeader(name, text);
    return {
      target: parseTarget(url),
      headers: Object.entries(headers).flat(),
      onCodes: onCodes.map((item) => (typeof item === 'number' ? { from: item, to: item } : item)),
      bodyKeyOverride,
    };
  });
}

export function isOneOf(status: number, codes: Fallback['onCodes']): boolean {
  return codes.some(({ from, to }) => status >= from && status <= to);
}

function parse(value: string): unknown {
  try {
    return JSON.parse(Buffer.from(value, 'latin1').toString());
  } catch {
    throw invalid('it is not JSON');
  }
}

/** RFC 9110, 5.6.2 and 5.5. */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

function requireHeader(name: string, value: string): void {
  if (!NAME.test(name) || !VALUE.test(value)) {
    throw invalid(`${JSON.stringify(name.slice(0, 100))} is no header, or has a value that no header can have`);
  }
}

function invalid(reason: string): ApiError {
  return new ApiError('invalid-header', { name: 'Helicone-Fallbacks', reason });
}

/** Looks no deeper than one level below `max`. */
function depthOf(value: unknown, max: number): number {
  if (typeof value !== 'object' || value === null || max < 0) return 0;
  let deepest = 0;
  for (const item of Object.values(value)) deepest = Math.max(deepest, depthOf(item, max - 1));
  return deepest + 1;
}
