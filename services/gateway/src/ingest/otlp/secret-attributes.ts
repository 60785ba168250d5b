import { maskCredentials } from '../../request/mask-credentials.ts';
import type { AttributeValue } from './attribute-value.ts';

/**
 * Whether an attribute, or a setting of a call, is a credential by its name: instrumentations copy headers and arguments
 * as they are. A list of headers is as good as one, since nobody knows what is in it.
 */
export function isSecret(name: string): boolean {
  return SECRET.test(name);
}

const SECRET =
  /(?:^|[._-])(?:(?:extra[_-]?)?headers|authorization|helicone[_-]auth|cookie|set[_-]cookie|api[_-]?key|x[_-]goog[_-]api[_-]key|(?:access|auth|session|security|bearer)[_-]?token|password|passwd|secret(?:[_-]?key)?|credentials?)$/i;

/** A value as it may be kept: what a URL's query says of credentials is masked. */
export function withoutSecrets(name: string, value: AttributeValue): AttributeValue {
  if (typeof value !== 'string') return value;
  if (name.endsWith('url.query')) return maskCredentials(`?${value}`).slice(1);
  return /^https?:\/\//i.test(value) ? maskCredentials(value) : value;
}
