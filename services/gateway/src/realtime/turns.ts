import { isObject, type JsonObject, objectAt, parseObject, stringAt } from '@throughline/providers/json-object';
import type { CaptureBudget } from '../record/body-capture.ts';
import { briefEvent } from './brief-event.ts';
import { eventTypeOf } from './event-type.ts';
import { TurnInput } from './turn-input.ts';

/** One response of a realtime session, finished or cut. Times are epoch ms. */
export interface RealtimeStep {
  /** When it was asked for; of a response that speech led to, when the speech was over. */
  readonly requestAt: number;
  /** Its first delta; null when none came. */
  readonly firstByteAt: number | null;
  readonly responseAt: number;
  /** What led to it, whole JSON. */
  readonly request: Buffer;
  /** The provider has said how it went: also of a session that is cut later. */
  readonly isAnswered: boolean;
  /** Something that led to it is not in `request`. */
  readonly requestTruncated: boolean;
  /** The event that says how it went: the last one of a response, of one that was cut its first. Empty: none came. */
  readonly response: Buffer;
  /** Bytes of `CaptureBudget` to be given back once it is recorded. */
  readonly held: number;
}

export interface TurnsConfig {
  /** As the upgrade names it; the session's own wins. */
  readonly model: string;
  /** Kept of what leads to one response. */
  readonly inputBytesMax: number;
}

/**
 * Puts the messages of one realtime session together to steps: one for each response, and one for each transcription of
 * speech that is counted on its own. Pure but for the budget: the same messages at the same times make the same steps.
 *
 * A `response.create` makes one step, whatever becomes of it: `response.done`, an error in its place, or nothing.
 */
export class RealtimeTurns {
  readonly #config: TurnsConfig;
  readonly #budget: CaptureBudget;
  /** What the client has sent since it last asked for a response. */
  #input: TurnInput;
  /** Asked for and not begun, in the order of asking. */
  #asked: Asked[] = [];
  /** Begun and not done, by id. */
  readonly #open = new Map<string, OpenTurn>();
  #speechEndedAt: number | null = null;
  /** When what was said under an item's id was over. */
  readonly #spokenAt = new Map<string, number>();
  #session: JsonObject | undefined;
  #sessionText = 'null';

  constructor(config: TurnsConfig, budget: CaptureBudget) {
    this.#config = config;
    this.#budget = budget;
    this.#input = new TurnInput(config.inputBytesMax, budget);
  }

  /** No response has been asked for that is not done. */
  get isIdle(): boolean {
    return this.#open.size === 0 && this.#asked.length === 0;
  }

  /** The provider's own name of the session; `''` before it has said it. */
  get sessionId(): string {
    return stringAt(this.#session ?? {}, 'id');
  }

  /** @param now epoch ms. */
  fromClient(message: Buffer, now: number): void {
    const type = eventTypeOf(message);
    if (type === 'input_audio_buffer.append') {
      this.#input.addAudio(message);
      return;
    }
    if (type === '') return;
    const event = message.length <= PARSED_BYTES_MAX ? parseObject(message.toString()) : undefined;
    this.#input.add(event ?? { type, bytes: message.length });
    if (type !== 'response.create' || this.#asked.length >= ASKED_MAX) return;
    this.#asked.push({ at: now, eventId: stringAt(event ?? {}, 'event_id'), input: this.#takeInput(), error: null });
  }

  /**
   * @param now epoch ms.
   * @returns the steps that this message completes, nearly always none. They are to be in the log before the client has
   *   the message.
   */
  fromProvider(message: Buffer, now: number): readonly RealtimeStep[] {
    const type = eventTypeOf(message);
    switch (type) {
      case 'session.created':
      case 'session.updated':
        this.#takeSession(objectAt(parseObject(message.toString()), 'session'));
        return NONE;
      case 'input_audio_buffer.speech_stopped':
        this.#speechEndedAt = now;
        return NONE;
      case 'input_audio_buffer.committed':
        this.#committed(stringAt(parseObject(message.toString()) ?? {}, 'item_id'), now);
        return NONE;
      case 'conversation.item.input_audio_transcription.completed':
        return this.#transcribed(message, now);
      case 'response.created':
        return this.#begin(message, now);
      case 'response.done':
        return this.#done(message, now);
      case 'error':
        return this.#failed(message, now);
      default:
        if (type.endsWith('.delta')) this.#noteDelta(message, type, now);
        return NONE;
    }
  }

  /** The session is over: everything that was asked for and is not done. */
  cut(now: number): readonly RealtimeStep[] {
    const cut = [...this.#open.values()].map((turn) => this.#step(turn, now, turn.created, false));
    const unanswered = this.#asked.map((asked) => this.#refused(asked, now));
    this.#open.clear();
    this.#asked = [];
    this.#budget.give(this.#input.take().held);
    return [...cut, ...unanswered];
  }

  #takeInput(): TurnInput {
    const input = this.#input;
    this.#input = this.#noInput();
    return input;
  }

  #noInput(): TurnInput {
    return new TurnInput(this.#config.inputBytesMax, this.#budget);
  }

  #takeSession(session: JsonObject | undefined): void {
    if (!session) return;
    this.#session = session;
    const text = briefEvent(session) ?? 'null';
    this.#sessionText = text.length <= SESSION_CHARS_MAX ? text : (briefEvent(shortSession(session)) ?? 'null');
  }

  #committed(itemId: string, now: number): void {
    this.#speechEndedAt ??= now;
    this.#input.addSpeech(itemId);
    this.#spokenAt.set(itemId, this.#speechEndedAt);
    if (this.#spokenAt.size > SPOKEN_MAX) this.#spokenAt.delete(this.#spokenAt.keys().next().value!);
  }

  #begin(message: Buffer, now: number): readonly RealtimeStep[] {
    const id = stringAt(objectAt(parseObject(message.toString()), 'response') ?? {}, 'id');
    if (id === '' || this.#open.has(id) || this.#open.size >= OPEN_MAX) return NONE;
    // Answers come in the order of asking: those before the first that no error came for were refused.
    const at = this.#asked.findIndex(({ error }) => error === null);
    const refused = at > 0 ? this.#asked.splice(0, at) : [];
    const asked = this.#asked.shift();
    this.#open.set(id, {
      requestAt: asked?.at ?? this.#speechEndedAt ?? now,
      firstByteAt: null,
      input: asked?.input ?? this.#takeInput(),
      created: kept(message),
    });
    this.#speechEndedAt = null;
    return refused.map((one) => this.#refused(one, now));
  }

  #noteDelta(message: Buffer, type: string, now: number): void {
    if (this.#open.size === 0 || !type.startsWith('response.')) return;
    const [only] = this.#open.values();
    const turn = this.#open.size === 1 ? only : this.#turnOf(message);
    if (turn && turn.firstByteAt === null) turn.firstByteAt = now;
  }

  #turnOf(message: Buffer): OpenTurn | undefined {
    return this.#open.get(stringAt(parseObject(message.toString()) ?? {}, 'response_id'));
  }

  #done(message: Buffer, now: number): readonly RealtimeStep[] {
    const event = parseObject(message.toString());
    const response = objectAt(event, 'response');
    if (!response) return NONE;
    const id = stringAt(response, 'id') || (this.#open.keys().next().value ?? '');
    // One that nobody saw begin was answered all the same.
    const turn = this.#open.get(id) ?? { requestAt: now, firstByteAt: null, input: this.#noInput(), created: EMPTY };
    this.#open.delete(id);
    const isLong = message.length > WHOLE_RESPONSE_BYTES_MAX;
    return [this.#step(turn, now, isLong ? Buffer.from(briefEvent(event) ?? '') : message, true)];
  }

  /** Speech is turned into text by another model, which counts on its own; the text also belongs to what was said. */
  #transcribed(message: Buffer, now: number): readonly RealtimeStep[] {
    const event = parseObject(message.toString());
    if (!event) return NONE;
    const itemId = stringAt(event, 'item_id');
    const text = stringAt(event, 'transcript');
    const inputs = [this.#input, ...this.#asked.map(({ input }) => input)];
    for (const { input } of this.#open.values()) inputs.push(input);
    inputs.find((input) => input.transcribe(itemId, text));
    if (!isObject(event.usage)) return NONE;
    const request = JSON.stringify({ model: transcriptionModel(this.#session), ...this.#conversation() });
    return [
      {
        requestAt: this.#spokenAt.get(itemId) ?? now,
        firstByteAt: null,
        responseAt: now,
        request: Buffer.from(request),
        isAnswered: true,
        requestTruncated: false,
        response: message,
        held: 0,
      },
    ];
  }

  #failed(message: Buffer, now: number): readonly RealtimeStep[] {
    if (this.#asked.length === 0) return NONE;
    const error = objectAt(parseObject(message.toString()), 'error') ?? {};
    const named = stringAt(error, 'event_id');
    const at = this.#asked.findIndex(({ eventId }) => eventId !== '' && eventId === named);
    if (at >= 0 || isAboutResponse(error)) {
      const [refused] = this.#asked.splice(Math.max(at, 0), 1);
      return [this.#refused({ ...refused!, error: { at: now, message } }, now)];
    }
    // It may be about something else that the client sent: what comes next tells.
    if (named === '') {
      const asked = this.#asked.find((one) => one.error === null);
      if (asked) asked.error = { at: now, message: kept(message) };
    }
    return NONE;
  }

  #refused({ at, input, error }: Asked, now: number): RealtimeStep {
    const turn: OpenTurn = { requestAt: at, firstByteAt: null, input, created: EMPTY };
    return this.#step(turn, error?.at ?? now, error?.message ?? EMPTY, error !== null);
  }

  #step({ requestAt, firstByteAt, input }: OpenTurn, now: number, response: Buffer, isAnswered: boolean): RealtimeStep {
    const { events, omitted, held } = input.take();
    const model = stringAt(this.#session ?? {}, 'model') || this.#config.model;
    const facts = JSON.stringify({ model, stream: true, ...this.#conversation() }).slice(0, -1);
    const more = omitted === 0 ? '' : `,"omitted_events":${omitted}`;
    return {
      requestAt,
      firstByteAt,
      responseAt: now,
      request: Buffer.from(`${facts},"session":${this.#sessionText},"events":[${events.join(',')}]${more}}`),
      isAnswered,
      requestTruncated: omitted > 0,
      response,
      held,
    };
  }

  /** Under the name by which bodies of other APIs name theirs. */
  #conversation(): { conversation?: { id: string } } {
    return this.sessionId === '' ? {} : { conversation: { id: this.sessionId } };
  }
}

interface OpenTurn {
  readonly requestAt: number;
  firstByteAt: number | null;
  readonly input: TurnInput;
  /** Its `response.created`. */
  readonly created: Buffer;
}

interface Asked {
  readonly at: number;
  /** As the client chose it, `''` when it did not. */
  readonly eventId: string;
  readonly input: TurnInput;
  /** An error that came after it, and may be its own. */
  error: { readonly at: number; readonly message: Buffer } | null;
}

/** A copy, because messages are views of what the socket read at once; empty when it is longer than anything that is kept. */
function kept(message: Buffer): Buffer {
  return message.length <= CREATED_BYTES_MAX ? Buffer.from(message) : EMPTY;
}

const NONE: readonly RealtimeStep[] = [];
const EMPTY = Buffer.alloc(0);

/** A larger event of the client is counted, not read: parsing a megabyte takes some milliseconds, in which nothing else runs. */
const PARSED_BYTES_MAX = 1024 * 1024;
/** The session is repeated with each step: instructions and tools of an agent take 10 to 50 kB. */
const SESSION_CHARS_MAX = 64 * 1024;
/** A `response.created` or an `error` is about 1 kB, and kept for each response that is under way. */
const CREATED_BYTES_MAX = 64 * 1024;
/** Above it a `response.done` may hold audio, whose length alone is stored. */
const WHOLE_RESPONSE_BYTES_MAX = 256 * 1024;
/** Providers answer one response of a conversation at a time, and few beside it. */
const OPEN_MAX = 64;
const ASKED_MAX = 64;
/** Transcriptions lag behind speech by one or two turns. */
const SPOKEN_MAX = 64;

/** Errors that name no event of the client, but can be about nothing else. */
function isAboutResponse({ code, param }: JsonObject): boolean {
  if (code === 'conversation_already_has_active_response') return true;
  return typeof param === 'string' && (param === 'response' || param.startsWith('response.'));
}

/** Without what makes it long. */
function shortSession({ instructions, tools, ...session }: JsonObject): JsonObject {
  const names = Array.isArray(tools) ? tools.slice(0, 256).map((tool) => isObject(tool) && tool.name) : tools;
  const beginning = typeof instructions === 'string' ? instructions.slice(0, SESSION_CHARS_MAX / 8) : instructions;
  return { ...session, instructions: beginning, tools: names, shortened: true };
}

/** Where the session says it: today under `audio.input`, before at its top. */
function transcriptionModel(session: JsonObject | undefined): string {
  const audio = objectAt(objectAt(session, 'audio'), 'input');
  const transcription = objectAt(audio, 'transcription') ?? objectAt(session, 'input_audio_transcription');
  return transcription ? stringAt(transcription, 'model') : '';
}
