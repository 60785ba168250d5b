import vm from 'node:vm';

/**
 * Gives a test file what Node keeps among its globals for its own `fetch`: Jest runs each file with globals of their own,
 * where it is missing, and `@google/genai` asks for it.
 */
export function shareFetchDispatcher(): void {
  // It is made when something of fetch's is first used.
  const dispatcher: unknown = vm.runInThisContext('new Headers(); globalThis[Symbol.for("undici.globalDispatcher.1")]');
  Object.assign(globalThis, { [Symbol.for('undici.globalDispatcher.1')]: dispatcher });
}
