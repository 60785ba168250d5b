import { resolve } from 'node:path';
import { makeFolder } from '../make-folder.ts';
import { StartError } from '../start-error.ts';

/** The data directory of a service that keeps an outbox. @throws StartError when it cannot be made. */
export function openOutboxDir(path: string): string {
  const root = resolve(path);
  try {
    // Bodies of calls wait in here: nobody else's to read.
    makeFolder(root);
  } catch (error) {
    throw new StartError(
      `the data directory ${root} cannot be made (${(error as NodeJS.ErrnoException).code}): set THROUGHLINE_DATA_DIR to another folder.`,
    );
  }
  return root;
}
