import type { CallRoute } from './route-of.ts';

/**
 * A call to OpenAI's realtime API, whoever serves it, with the path that its provider knows; undefined for any other.
 * `/realtime` alone is OpenAI's `/v1/realtime`, as in `/v1/gateway/oai/realtime`.
 */
export function realtimeRoute(route: CallRoute): CallRoute | undefined {
  if (!REALTIME.test(route.rest)) return undefined;
  return route.rest.startsWith('/realtime') ? { ...route, rest: `/v1${route.rest}` } : route;
}

/** Azure has it under `/openai`, with and without a version. */
const REALTIME = /^\/(?:openai\/)?(?:v1\/)?realtime(?:[/?]|$)/;
