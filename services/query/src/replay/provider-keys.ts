import { ApiError } from '@throughline/contracts/errors';
import type { StepTarget } from './step-target.ts';

/** Keys that came with a call. They live as long as its replay does, and are in no answer, event, row or line of a log. */
export interface ProviderKeys {
  /** Undefined: none was given. */
  keyFor(target: StepTarget): string | undefined;
  /** A text without any of them in it. */
  scrub(text: string): string;
}

export interface GivenKeys {
  readonly providerKey?: string | undefined;
  readonly providerKeys?: Readonly<Record<string, string>> | undefined;
}

/**
 * @param isForOneTarget the caller names provider or target, so that `providerKey` is the key for it.
 * @param targets of all steps that are sent. @throws ApiError `invalid-replay` for a key that no header can carry, and for a
 *   `providerKey` of which it is not clear whose it is.
 */
export function providerKeys(
  { providerKey, providerKeys: named }: GivenKeys,
  isForOneTarget: boolean,
  targets: readonly StepTarget[],
): ProviderKeys {
  const keys = new Map(Object.entries(named ?? {}).map(([name, key]) => [nameOf(name), key]));
  const all = [...keys.values(), ...(providerKey === undefined ? [] : [providerKey])];
  for (const key of all) {
    if (!IN_HEADER.test(key)) {
      throw new ApiError('invalid-replay', { reason: 'a provider key is empty, or has characters that no key has' });
    }
  }
  if (providerKey !== undefined) {
    const wanted = new Map(targets.map((target) => [target.keyName, target]));
    if (wanted.size > 1) {
      const names = [...wanted.keys()].join(', ');
      throw new ApiError('invalid-replay', {
        reason: `providerKey is one key, and these are asked: ${names}; give providerKeys`,
      });
    }
    const [target] = wanted.values();
    if (target && !target.known && !isForOneTarget) {
      // Whoever may write can have recorded any host.
      throw new ApiError('invalid-replay', {
        reason: `${target.keyName} is no provider that is known: name it in providerKeys, or as targetUrl`,
      });
    }
    if (target && !keys.has(target.keyName)) keys.set(target.keyName, providerKey);
  }
  return {
    keyFor: ({ keyName }) => keys.get(keyName),
    scrub: (text) => all.reduce((scrubbed, key) => scrubbed.replaceAll(key, '***'), text),
  };
}

/** How the provider of a target takes its key. */
export function keyHeader({ known, origin, path }: StepTarget, key: string): readonly [name: string, value: string] {
  const route = path.split('?', 1)[0]!;
  const host = URL.parse(origin)?.hostname ?? '';
  switch (known?.name) {
    case 'ANTHROPIC':
      return ['x-api-key', key];
    case 'AZURE':
      return ['api-key', key];
    case 'GOOGLE':
      // Vertex, and what speaks OpenAI's API, take a bearer.
      if (!host.endsWith('aiplatform.googleapis.com') && !route.includes('/openai/')) return ['x-goog-api-key', key];
      break;
    case undefined:
      // No provider that is known: by the API that it speaks.
      if (/\/v1\/messages$/.test(route)) return ['x-api-key', key];
      if (/:(?:stream)?generateContent$/i.test(route)) return ['x-goog-api-key', key];
  }
  return ['Authorization', `Bearer ${key}`];
}

const IN_HEADER = /^[\x21-\x7e]{1,8192}$/;

/** Names of providers in any case; origins as URL writes them. */
function nameOf(given: string): string {
  return /^https?:\/\//i.test(given) ? (URL.parse(given)?.origin ?? given) : given.toUpperCase();
}
