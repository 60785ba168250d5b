/** The other end of `startNode`, in the child. */

/** Says something to the process that started this one, unless it has let go. */
export function tellParent(message: object): void {
  if (process.connected) process.send?.(message);
}

/** Runs `stop` when the parent lets go, then ends the process: profiles are written at a proper end only. */
export function onParentGone(stop: () => void | Promise<void>): void {
  process.once('disconnect', async () => {
    await stop();
    process.exit(0);
  });
}

export function onParentMessage<T>(handle: (message: T) => void): void {
  process.on('message', (message) => handle(message as T));
}

/** The value of `--name value` among this process's arguments. @throws when it is missing. */
export function argument(name: string): string {
  const value = optionalArgument(name);
  if (value === undefined) throw new Error(`--${name} is missing`);
  return value;
}

export function optionalArgument(name: string): string | undefined {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
}
