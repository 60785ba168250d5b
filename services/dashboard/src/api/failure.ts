/** Sentences of the catalogue (docs/errors.md). */
const UNKNOWN_KEY = new Set(['No authorization header', 'No API key found']);
const ON_ITS_WAY = 'It is recorded and will show';

/** A call that came to nothing, in the words of whoever refused it. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  /** HTTP status; 0 where no answer came at all. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }

  /** The key is known and lacks a permission, which the API answers as 401 for the sake of existing clients. */
  get isNotAllowed(): boolean {
    return this.status === 403 || (this.status === 401 && !this.isUnknownKey);
  }

  /** The key is no key, or no longer. */
  get isUnknownKey(): boolean {
    return this.status === 401 && UNKNOWN_KEY.has(this.message);
  }

  /** What was asked for is recorded and is carried out, though it does not show yet: it need not be sent again. */
  get isOnItsWay(): boolean {
    return this.status === 503 && this.message.startsWith(ON_ITS_WAY);
  }

  /** Whether the same call may well succeed later: nothing was wrong with it. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** What a refusal's body says, whichever of the two envelopes it came in. */
export function refusalSentence(body: unknown, status: number): string {
  const { error, message, details } = (typeof body === 'object' && body !== null ? body : {}) as {
    error?: unknown;
    message?: unknown;
    details?: Record<string, { message?: string }>;
  };
  const named = details ? Object.entries(details).map(([path, { message: what }]) => `${path}: ${what}`) : [];
  const sentence = typeof error === 'string' ? error : typeof message === 'string' ? message : undefined;
  if (sentence === undefined) return `The server answered with status ${status}.`;
  return named.length > 0 ? `${sentence}: ${named.join('; ')}` : sentence;
}
