import { join } from 'node:path';

/** Where runs are kept; out of version control. */
export const RESULTS_FOLDER = join(import.meta.dirname, '..', '..', 'results');
