import type { WebSocket } from 'ws';

/** What the fake says that a response used. */
export const REALTIME_USAGE = {
  total_tokens: 300,
  input_tokens: 200,
  output_tokens: 100,
  input_token_details: {
    text_tokens: 80,
    audio_tokens: 120,
    cached_tokens: 60,
    cached_tokens_details: { text_tokens: 40, audio_tokens: 20 },
  },
  output_token_details: { text_tokens: 25, audio_tokens: 75 },
} as const;

/** The same of a transcription. */
export const TRANSCRIPTION_USAGE = { type: 'tokens', input_tokens: 30, output_tokens: 9, total_tokens: 39 } as const;

/**
 * One realtime session, played by OpenAI's protocol as far as a gateway can tell. The `metadata.fake` of a
 * `response.create` says how its response goes: `done` (default), `failed`, `incomplete`, `cancelled`, `refused` (an error
 * in its place), `silent` (begun, never done), `hang-up` (the connection is cut in the middle), `deaf` (nothing at all).
 */
export class RealtimeScene {
  readonly #socket: WebSocket;
  readonly #session: Record<string, unknown>;
  #count = 0;

  constructor(socket: WebSocket, model: string) {
    this.#socket = socket;
    this.#session = { id: 'sess_fake', object: 'realtime.session', type: 'realtime', model, instructions: '' };
  }

  begin(): void {
    this.#socket.on('message', (data) => this.#take(JSON.parse(String(data))));
    this.#say({ type: 'session.created', session: this.#session });
  }

  #take(event: ClientEvent): void {
    if (event.type === 'session.update') {
      Object.assign(this.#session, event.session);
      this.#say({ type: 'session.updated', session: this.#session });
    } else if (event.type === 'conversation.item.create') {
      this.#say({ type: 'conversation.item.done', item: { id: this.#next('item'), ...event.item } });
    } else if (event.type === 'input_audio_buffer.commit') this.#hear();
    else if (event.type === 'response.create') this.#respond(event.response?.metadata?.fake ?? 'done', event);
  }

  /** Speech, as voice detection hears it: it is committed, written down and answered without being asked. */
  #hear(): void {
    const item_id = this.#next('item');
    this.#say({ type: 'input_audio_buffer.speech_stopped', item_id, audio_end_ms: 10 });
    this.#say({ type: 'input_audio_buffer.committed', item_id, previous_item_id: null });
    this.#say({
      type: 'conversation.item.input_audio_transcription.completed',
      ...{ item_id, content_index: 0, transcript: 'What is the time?', usage: TRANSCRIPTION_USAGE },
    });
    this.#respond('done', {});
  }

  #respond(fake: string, { event_id }: { readonly event_id?: string }): void {
    if (fake === 'deaf') return;
    if (fake === 'refused') {
      const error = { type: 'invalid_request_error', code: 'invalid_value', message: 'no such voice', event_id };
      this.#say({ type: 'error', error });
      return;
    }
    const id = this.#next('resp');
    const response = { object: 'realtime.response', id, status: 'in_progress', output: [], usage: null };
    this.#say({ type: 'response.created', response });
    this.#say({ type: 'response.output_audio.delta', response_id: id, delta: 'AAAA' });
    if (fake === 'silent') return;
    if (fake === 'hang-up') {
      this.#socket.terminate();
      return;
    }
    this.#say({ type: 'response.output_audio_transcript.delta', response_id: id, delta: 'Noon.' });
    this.#say({ type: 'response.done', response: { ...response, ...endOf(fake), usage: REALTIME_USAGE } });
  }

  #say(event: object): void {
    this.#socket.send(JSON.stringify({ ...event, event_id: this.#next('event') }));
  }

  #next(what: string): string {
    this.#count++;
    return `${what}_${this.#count}`;
  }
}

interface ClientEvent {
  readonly type: string;
  readonly event_id?: string;
  readonly session?: object;
  readonly item?: object;
  readonly response?: { readonly metadata?: { readonly fake?: string } };
}

function endOf(fake: string): object {
  const item = { type: 'message', role: 'assistant', content: [{ type: 'output_audio', transcript: 'Noon.' }] };
  switch (fake) {
    case 'failed':
      return { status: 'failed', status_details: { type: 'failed', error: { type: 'server_error', message: 'oh' } } };
    case 'incomplete':
      return { status: 'incomplete', output: [item], status_details: { reason: 'max_output_tokens' } };
    case 'cancelled':
      return { status: 'cancelled', output: [item], status_details: { reason: 'turn_detected' } };
    default:
      return { status: 'completed', output: [item], status_details: null };
  }
}
