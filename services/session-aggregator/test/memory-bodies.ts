import { type BodyStore, BodyStoreError } from '@throughline/body-store/body-store';
import { sendByReference } from '@throughline/body-store/send-by-reference';
import type { CapturedBody, NewRequestEvent } from '@throughline/contracts/request-event';
import type { MemoryLog } from './memory-log.ts';

/** A body store in memory that can be down, lose objects, and knows how often it was asked. */
export class MemoryBodies implements Pick<BodyStore, 'put' | 'get' | 'deleteBefore'> {
  readonly objects = new Map<string, Uint8Array>();
  isDown = false;
  gets = 0;
  atOnce = 0;
  #underWay = 0;
  /** Called before each answer. */
  onGet: (name: string) => void | Promise<void> = () => {};

  async put(name: string, bytes: Uint8Array): Promise<void> {
    this.objects.set(name, Buffer.from(bytes));
  }

  async get(name: string): Promise<Uint8Array | undefined> {
    this.gets++;
    this.atOnce = Math.max(this.atOnce, ++this.#underWay);
    try {
      await this.onGet(name);
      // Long enough for others to come as well.
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      this.#underWay--;
    }
    if (this.isDown) throw new BodyStoreError('unavailable', 'it does not answer');
    return this.objects.get(name);
  }

  async deleteBefore(): Promise<number> {
    const { size } = this.objects;
    this.objects.clear();
    return size;
  }

  /** Appends a call with long bodies, as it is sent where those larger than `inlineBytesMax` go to the store. */
  async append(log: MemoryLog, event: NewRequestEvent, inlineBytesMax = 0): Promise<number> {
    const offset = log.append({
      ...event,
      request_body: lengthened(event.request_body),
      response_body: lengthened(event.response_body),
    });
    const reader = log.reader(new AbortController().signal);
    await reader.seek(offset);
    const [entry] = await reader.read({ eventsMax: 1, bytesMax: 1, waitMs: 0 });
    if (entry === undefined || entry.lost) throw new Error(`offset ${offset} holds no event`);
    const send = sendByReference({ store: this, inlineBytesMax, eventBytesMax: Number.POSITIVE_INFINITY });
    log.replace(offset, await send({ bytes: entry.bytes }));
    return offset;
  }
}

/** Space behind JSON means nothing. A body as short as its reference would stay where it is. */
function lengthened(body: CapturedBody): CapturedBody {
  const bytes = Buffer.concat([body.bytes, Buffer.alloc(Math.max(0, LONG_BYTES - body.bytes.length), ' ')]);
  return { ...body, bytes, size: bytes.length };
}

const LONG_BYTES = 1_000;
