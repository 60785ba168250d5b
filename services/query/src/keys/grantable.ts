import type { Permission } from '@throughline/contracts/keys';

/** What a key may give to another one: nothing that it does not hold itself. `rw` holds what `r`, `w` and `m` may do. */
export function grantable(held: readonly Permission[]): readonly Permission[] {
  return [...new Set(held.flatMap((permission) => HOLDS[permission]))];
}

const HOLDS: Readonly<Record<Permission, readonly Permission[]>> = {
  r: ['r', 'm'],
  w: ['w'],
  rw: ['r', 'w', 'rw', 'm'],
  m: ['m'],
  operator: ['operator'],
};
