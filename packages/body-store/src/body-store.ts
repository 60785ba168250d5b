/**
 * Carries large bodies past the log: whoever sends an event stores its bodies here first and sends their names, whoever
 * reads it fetches them. Nothing lives here for good. Names are those of `body-names.ts`.
 */
export interface BodyStore {
  /**
   * Stores an object durably. The same name always means the same bytes: repeating it is harmless, and readers see the
   * whole object or none.
   *
   * @throws BodyStoreError
   */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /**
   * @param size that the object must have.
   * @returns undefined only when the store answers and has no such object of that size.
   * @throws BodyStoreError
   */
  get(name: string, size: number): Promise<Uint8Array | undefined>;
  /**
   * Deletes objects whose name says an hour that was over at `atMs`, epoch ms, and that were also stored before then: a
   * gateway whose clock is years behind loses nothing. Any number of processes may do so at once.
   *
   * @returns how many this one deleted.
   * @throws BodyStoreError; what was deleted until then is deleted.
   */
  deleteBefore(atMs: number): Promise<number>;
  /** Makes what has to be there before the first object, and tries every operation once. For `migrate`, and repeatable. */
  prepare(): Promise<void>;
  /** @throws BodyStoreError unless the store answers and `prepare` was run on it. */
  check(): Promise<void>;
  close(): Promise<void>;
}

export type BodyStoreErrorCode =
  /** It does not answer, is full, or is not the place that was prepared. */
  | 'unavailable'
  /** It refuses who asks. */
  | 'denied'
  /** Nobody said where it is. */
  | 'not-configured'
  /** A name that no object can have: a defect of the caller. */
  | 'bad-name';

/** All but a bad name may pass: somebody mounts a folder, mends rights, starts a server. What waits, waits. */
export class BodyStoreError extends Error {
  readonly code: BodyStoreErrorCode;
  readonly retryable: boolean;

  constructor(code: BodyStoreErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'BodyStoreError';
    this.code = code;
    this.retryable = code !== 'bad-name';
  }
}
