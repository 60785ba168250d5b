import { ApiFailure } from '../../../api/failure.ts';
import { askInSession, askOne } from '../panel/use-request.ts';

/** Times a call is made where the fault may pass, and how long is waited before the second, ms: longer each time. */
const TRIES = 4;
const WAIT_MS = 300;

/**
 * A request of a session with its bodies; undefined: it was deleted.
 *
 * @throws ApiFailure, also where the key may not read bodies.
 */
export async function askExported(
  sessionId: string,
  requestId: string,
  signal: AbortSignal,
): Promise<object | undefined> {
  for (let tries = 1; ; tries++) {
    try {
      const found = await askOne(requestId, true, signal);
      if (found.session_id === sessionId) return withoutLink(found);
      // Another session has a request with the same id, which is older.
      const [request] = await askInSession(sessionId, requestId, signal);
      return request && withoutLink(request);
    } catch (error) {
      if (error instanceof ApiFailure && error.status === 404) return undefined;
      if (!(error instanceof ApiFailure && error.isPassing) || tries === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS * 2 ** tries));
      signal.throwIfAborted();
    }
  }
}

/** Links to bodies open to anybody for some minutes: they belong in no file. */
function withoutLink<Request extends object>(request: Request): object {
  return Object.fromEntries(Object.entries(request).filter(([name]) => name !== 'signed_body_url'));
}
