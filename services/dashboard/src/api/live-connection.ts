import { createParser } from 'eventsource-parser';
import { storedKey } from './key-store.ts';

/**
 * `idle`: nothing on the page listens; `paused` is a person's choice; `lost`: no answer, tried again by itself; `off`: the key
 * may not, or it is not offered.
 */
export type LiveState = 'idle' | 'connecting' | 'live' | 'paused' | 'lost' | 'off';

/** How soon a lost connection is tried again, ms: doubled up to the bound. */
const RETRY_MS = 1_000;
const RETRY_MS_MAX = 5_000;

interface Subscriber {
  readonly sessionId: string | null;
  readonly onChange: () => void;
}

/**
 * One connection to `GET /v1/live` for the whole page, shared by all that listen. Its events say that something has changed;
 * what, is asked of the API like anything else.
 */
export class LiveConnection {
  readonly #subscribers = new Set<Subscriber>();
  readonly #listeners = new Set<() => void>();
  #state: LiveState = 'idle';
  #paused = false;
  #lostAtMs: number | undefined;
  #missed = new Set<Subscriber>();
  #abort: AbortController | undefined;
  #sessions = '';
  /** Something may have changed since the last connection. */
  #wasAway = false;
  #retryMs = RETRY_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    // A browser opens six connections to a host, and every tab's would be one of them.
    document.addEventListener('visibilitychange', () => this.#ensure());
  }

  readonly state = (): LiveState => (this.#paused && this.#state !== 'idle' ? 'paused' : this.#state);

  readonly lostAtMs = (): number | undefined => this.#lostAtMs;

  readonly listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  subscribe(subscriber: Subscriber): () => void {
    this.#subscribers.add(subscriber);
    this.#ensure();
    return () => {
      this.#subscribers.delete(subscriber);
      this.#missed.delete(subscriber);
      this.#ensure();
    };
  }

  /** What changes meanwhile is told once, when it goes on. */
  setPaused(paused: boolean): void {
    this.#paused = paused;
    if (!paused) {
      const missed = [...this.#missed];
      this.#missed.clear();
      for (const { onChange } of missed) onChange();
    }
    this.#tell();
  }

  /** The sessions that are listened to are part of the call, so another set of them is another call. */
  #ensure(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const ids = new Set([...this.#subscribers].flatMap(({ sessionId }) => sessionId ?? []));
      const wanted = [...ids].map((id) => `session=${encodeURIComponent(id)}`).join('&');
      if (this.#subscribers.size === 0) {
        // What a page keeps in memory may be older once it is listened to again.
        if (this.#abort) this.#wasAway = true;
        this.#close();
        return this.#set('idle');
      }
      if (this.#state === 'idle') this.#set('connecting');
      if (document.hidden) {
        this.#wasAway = true;
        return this.#close();
      }
      if (this.#abort && wanted === this.#sessions) return;
      this.#close();
      this.#sessions = wanted;
      void this.#run();
    }, 0);
  }

  #close(): void {
    this.#abort?.abort();
    this.#abort = undefined;
  }

  async #run(): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    try {
      await this.#read(abort.signal);
    } catch {
      // Whatever it was: it is tried again.
    }
    if (abort.signal.aborted || this.#state === 'off') return;
    this.#abort = undefined;
    this.#wasAway = true;
    this.#set('lost');
    this.#timer = setTimeout(() => void this.#run(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MS_MAX);
  }

  async #read(signal: AbortSignal): Promise<void> {
    const response = await fetch(`/v1/live${this.#sessions === '' ? '' : `?${this.#sessions}`}`, {
      headers: { authorization: `Bearer ${storedKey() ?? ''}` },
      signal,
    });
    if (!response.ok || !response.body) {
      if (response.status === 401 || response.status === 403) this.#set('off');
      return;
    }
    const wasAway = this.#wasAway;
    this.#wasAway = false;
    this.#set('live');
    this.#retryMs = RETRY_MS;
    // What happened while nobody listened.
    if (wasAway) this.#changed(() => true);
    const parser = createParser({
      onEvent: ({ event, data }) => {
        if (event === 'changed') this.#changed(({ sessionId }) => sessionId === null);
        if (event === 'session') {
          const { session_id: id } = JSON.parse(data) as { session_id: string };
          this.#changed(({ sessionId }) => sessionId === id);
        }
      },
    });
    const decoder = new TextDecoder();
    for await (const chunk of chunksOf(response.body)) parser.feed(decoder.decode(chunk, { stream: true }));
  }

  #changed(concerns: (subscriber: Subscriber) => boolean): void {
    for (const subscriber of this.#subscribers) {
      if (!concerns(subscriber)) continue;
      if (this.#paused) this.#missed.add(subscriber);
      else subscriber.onChange();
    }
  }

  #set(state: LiveState): void {
    this.#state = state;
    if (state === 'lost') this.#lostAtMs ??= Date.now();
    else this.#lostAtMs = undefined;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}
