/** In place of bodies, where the key is one without them. */
export const MAY_NOT_READ_BODIES = 'This key may not read bodies. A key with the permission r or rw may.';
