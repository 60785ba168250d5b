import { ERRORS, type ErrorCode } from '@throughline/contracts/errors';
import { isPublic, type Route, type SignedRoute } from '../route.ts';

/** Every refusal of an endpoint: those of its own, and those that follow from what it is. */
export function routeErrors(route: Route | SignedRoute): readonly ErrorCode[] {
  const { doc } = route;
  return [...(isPublic(route) ? [] : OF_KEYS), ...errorsOfBody(route), ...doc.errors, ...OF_ALL];
}

function errorsOfBody(route: Route | SignedRoute): readonly ErrorCode[] {
  if (route.doc.body === null) return [];
  return 'isStreamed' in route ? ['body-too-large'] : OF_BODIES;
}

/** By the status that they are answered with, ascending. */
export function byStatus(codes: readonly ErrorCode[]): ReadonlyMap<number, readonly ErrorCode[]> {
  const grouped = Map.groupBy(new Set(codes), (code) => ERRORS[code].status as number);
  return new Map([...grouped].sort(([a], [b]) => a - b));
}

const OF_KEYS: readonly ErrorCode[] = [
  'no-key',
  'unknown-key',
  'missing-permission',
  'invalid-auth-header',
  'invalid-auth-header-format',
  'keys-unavailable',
  'too-many-queries',
];

const OF_BODIES: readonly ErrorCode[] = ['malformed-json', 'body-too-large', 'invalid-body'];

const OF_ALL: readonly ErrorCode[] = [
  'bad-request',
  'foreign-host',
  'query-timeout',
  'query-too-large',
  'store-unavailable',
  'internal',
];
