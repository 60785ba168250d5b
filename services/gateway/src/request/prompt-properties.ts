import { ApiError } from '@throughline/contracts/errors';
import type { Pairs } from '@throughline/contracts/request-event';

const MODES: ReadonlySet<string> = new Set(['', 'production', 'testing', 'deactivated']);

/**
 * What `Helicone-Prompt-Id`, `-Mode` and `-Version` tag a call with (wire contract 1.4): nothing without an id, or where the
 * mode is `deactivated`.
 *
 * @param given by name in lower case. @throws ApiError `invalid-header` for any other mode.
 */
export function promptProperties(given: ReadonlyMap<string, string>): Pairs {
  const value = (name: string) => given.get(name) ?? '';
  const mode = value('helicone-prompt-mode');
  if (!MODES.has(mode)) {
    const reason = 'it is none of production, testing and deactivated';
    throw new ApiError('invalid-header', { name: 'Helicone-Prompt-Mode', reason });
  }
  if (value('helicone-prompt-id') === '' || mode === 'deactivated') return [];
  const pairs = [
    ['Helicone-Prompt-Id', value('helicone-prompt-id')],
    ['Helicone-Prompt-Mode', mode],
    ['Helicone-Prompt-Version', value('helicone-prompt-version')],
  ] as const;
  return pairs.filter(([, text]) => text !== '');
}
