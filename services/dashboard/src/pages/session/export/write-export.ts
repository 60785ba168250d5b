export interface ExportProgress {
  readonly requests: number;
  readonly bytes: number;
}

interface Asked {
  /** What stands before the requests. */
  readonly session: object;
  readonly requestIds: readonly string[];
  /** One request; undefined: it is no longer there. */
  readonly ask: (requestId: string, signal: AbortSignal) => Promise<object | undefined>;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ExportProgress) => void;
}

/** Requests that are asked for at once: no more of them are held than that. */
const AT_ONCE = 4;

/**
 * One JSON document, `{"session": {…}, "requests": […]}`, of requests that are asked for one by one, in their order. The
 * browser keeps what is written, on disk where it is much.
 *
 * @returns the document, and how many requests were no longer there.
 * @throws what `ask` throws; AbortError where it was cancelled.
 */
export async function writeExport(asked: Asked): Promise<{ readonly blob: Blob; readonly missing: number }> {
  const { session, requestIds, ask, onProgress } = asked;
  const failing = new AbortController();
  const signal = AbortSignal.any([asked.signal, failing.signal]);
  const parts: Blob[] = [new Blob([`{"session":${JSON.stringify(session)},"requests":[`])];
  const waiting: Promise<object | undefined>[] = [];
  let [begun, written, bytes] = [0, 0, 0];
  try {
    for (let done = 0; done < requestIds.length; done++) {
      while (waiting.length < AT_ONCE && begun < requestIds.length) {
        const one = ask(requestIds[begun++]!, signal);
        // Whichever fails first is met in its turn.
        one.catch(() => {});
        waiting.push(one);
      }
      const request = await waiting.shift()!;
      signal.throwIfAborted();
      if (request) {
        const part = new Blob([`${written === 0 ? '' : ','}\n${JSON.stringify(request)}`]);
        parts.push(part);
        bytes += part.size;
        written++;
      }
      onProgress({ requests: done + 1, bytes });
    }
  } catch (error) {
    failing.abort();
    throw error;
  }
  parts.push(new Blob(['\n]}\n']));
  return { blob: new Blob(parts, { type: 'application/json' }), missing: requestIds.length - written };
}
