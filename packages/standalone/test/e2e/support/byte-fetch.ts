/** A fetch for SDKs that keeps what each response held, so that a test can compare it with what the provider sent. */
export interface ByteFetch {
  readonly fetch: typeof globalThis.fetch;
  /** The newest response. */
  last(): FetchedResponse;
}

export interface FetchedResponse {
  readonly status: number;
  readonly headers: Headers;
  /** All bytes, decompressed as fetch does; resolves at the body's end. */
  readonly bytes: Promise<Buffer>;
}

export function createByteFetch(): ByteFetch {
  let newest: FetchedResponse | undefined;
  return {
    async fetch(input, init) {
      const response = await globalThis.fetch(input, init);
      const bytes = response
        .clone()
        .arrayBuffer()
        .then((buffer) => Buffer.from(buffer));
      // A body that is cut is the test's business, when it asks for the bytes.
      bytes.catch(() => {});
      newest = { status: response.status, headers: response.headers, bytes };
      return response;
    },
    last() {
      if (!newest) throw new Error('nothing was fetched');
      return newest;
    },
  };
}
