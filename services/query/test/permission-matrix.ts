import type { Permission } from '@throughline/contracts/keys';
import type { Access } from '../src/auth/access.ts';
import type { QueryDeps } from '../src/query-deps.ts';
import { queryRoutes } from '../src/query-router.ts';
import { isPublic, type SignedRoute } from '../src/route.ts';

/** Which permissions each access is granted by: the decision, written once more. */
export const GRANTED: Readonly<Record<Access, readonly Permission[]>> = {
  'any-key': ['r', 'w', 'rw', 'm', 'operator'],
  read: ['r', 'rw', 'm'],
  'read-bodies': ['r', 'rw'],
  write: ['w', 'rw'],
  replay: ['rw'],
  'manage-keys': ['rw'],
  operate: ['operator'],
};

/** Every endpoint of the query API, as it declares itself: one that is added is in the matrix at once. */
export const ROUTES = queryRoutes({ config: {} } as QueryDeps).map(({ method, path, access, doc }) => ({
  hasBody: doc.body !== null,
  name: `${method.toUpperCase()} ${path}`,
  method: method.toUpperCase(),
  path,
  access,
}));
export type MatrixRoute = (typeof ROUTES)[number];

function isPublicAccess(access: MatrixRoute['access']): access is SignedRoute['access'] {
  return isPublic({ access });
}

/** Whether a key with these permissions is let in. */
export function isOpenTo({ access }: MatrixRoute, permissions: readonly Permission[]): boolean {
  return isPublicAccess(access) || permissions.some((permission) => GRANTED[access].includes(permission));
}

/** The route's path with these ids in it, by what the path calls them; others are ids that nobody has. */
export function pathWith({ path }: MatrixRoute, ids: Readonly<Record<string, string>> = {}): string {
  return path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(ids[name] ?? 'nobodys-id'));
}
