/** Name of the store that says what the file is. */
export const META_STORE = 'meta';

/** There since something was deleted, until the file is written anew without it. */
export const REMOVED_KEY = Buffer.from('removed');
