/** The process cannot start, or a command cannot run, for a reason that the person at the keyboard can mend. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
