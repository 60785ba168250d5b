/** A command was called with what it does not take: one sentence that says what. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
