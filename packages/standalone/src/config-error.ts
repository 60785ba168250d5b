/** A setting that cannot be used: one sentence that says which, and what it may be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
