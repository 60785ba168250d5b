import type { CaptureBudget } from '../record/body-capture.ts';
import { audioBytesOf, briefEvent } from './brief-event.ts';

/** What a client has sent on the way to one response, in order, within a bound of bytes. */
export class TurnInput {
  readonly #bytesMax: number;
  readonly #budget: CaptureBudget;
  readonly #entries: Entry[] = [];
  #held = 0;
  #omitted = 0;

  constructor(bytesMax: number, budget: CaptureBudget) {
    this.#bytesMax = bytesMax;
    this.#budget = budget;
  }

  add(event: unknown): void {
    const text = briefEvent(event);
    if (text !== undefined && this.#hold(text.length + ENTRY_BYTES)) this.#entries.push({ text });
    else this.#omitted++;
  }

  /** A piece of audio. Pieces that follow each other are one entry. */
  addAudio(message: Buffer): void {
    const last = this.#entries.at(-1);
    const bytes = audioBytesOf(message);
    if (last?.audio) {
      last.audio.appends++;
      last.audio.bytes += bytes;
    } else if (this.#hold(ENTRY_BYTES)) this.#entries.push({ audio: { appends: 1, bytes } });
    else this.#omitted++;
  }

  /** The provider has taken the audio before for something said, under this id. */
  addSpeech(itemId: string): void {
    if (this.#hold(ENTRY_BYTES + itemId.length)) this.#entries.push({ speech: { item_id: itemId } });
    else this.#omitted++;
  }

  /** @returns false when the speech is not in here. */
  transcribe(itemId: string, transcript: string): boolean {
    const speech = this.#entries.find((entry) => entry.speech?.item_id === itemId)?.speech;
    if (!speech) return false;
    if (this.#hold(transcript.length)) speech.transcript = transcript;
    else this.#omitted++;
    return true;
  }

  /** What is here, as JSON texts, and the bytes of the budget that come with it. Empty afterwards. */
  take(): { readonly events: readonly string[]; readonly omitted: number; readonly held: number } {
    const events = this.#entries.splice(0).map(textOf);
    const taken = { events, omitted: this.#omitted, held: this.#held };
    this.#held = 0;
    this.#omitted = 0;
    return taken;
  }

  #hold(bytes: number): boolean {
    if (this.#held + bytes > this.#bytesMax) return false;
    const granted = this.#budget.take(bytes);
    if (granted < bytes) {
      this.#budget.give(granted);
      return false;
    }
    this.#held += bytes;
    return true;
  }
}

interface Entry {
  readonly text?: string;
  readonly audio?: { appends: number; bytes: number };
  readonly speech?: { readonly item_id: string; transcript?: string };
}

/** About what an entry costs beside its text. */
const ENTRY_BYTES = 128;

function textOf({ text, audio, speech }: Entry): string {
  if (text !== undefined) return text;
  if (audio)
    return JSON.stringify({ type: 'input_audio_buffer.append', appends: audio.appends, audio_bytes: audio.bytes });
  return JSON.stringify({ type: 'input_audio_buffer.committed', ...speech });
}
