import { createHash } from 'node:crypto';
import { BodyStoreError } from './body-store.ts';

export type BodySide = 'request' | 'response';

/**
 * Name of a body: `2026-11-21/10/<event id>-<side>`, by the hour (UTC) at which its event was received. Made from the
 * event alone, so that an upload repeated after a crash writes the same object, and names sort by age.
 *
 * @param event `received_at` is epoch ms.
 */
export function bodyName(event: { readonly event_id: string; readonly received_at: number }, side: BodySide): string {
  const time = new Date(Math.min(Math.max(event.received_at, 0), TIME_MAX)).toISOString();
  // Ours are UUIDs. Whatever else stands there must not become a path.
  const id = SAFE_ID.test(event.event_id) ? event.event_id : createHash('sha256').update(event.event_id).digest('hex');
  return `${time.slice(0, 10)}/${time.slice(11, 13)}/${id}-${side}`;
}

/** Whether `bodyName` could have made it: a name out of the log is checked before anything is opened by it. */
export function isBodyName(name: string): boolean {
  return hourOf(name) !== undefined;
}

/** The first millisecond of the hour that a name says, epoch ms; undefined when it is no name of a body. */
export function hourOf(name: string): number | undefined {
  const [, day, hour] = NAME.exec(name) ?? [];
  return day === undefined ? undefined : hourStart(day, hour!);
}

/** @returns undefined for what is no day and hour. */
export function hourStart(day: string, hour: string): number | undefined {
  const at = Date.parse(`${day}T${hour}:00:00Z`);
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 13) !== `${day}T${hour}` ? undefined : at;
}

/** @throws BodyStoreError `bad-name` */
export function requireBodyName(name: string): void {
  if (!isBodyName(name)) throw new BodyStoreError('bad-name', `${JSON.stringify(name.slice(0, 200))} names no body`);
}

export const HOUR_MS = 3_600_000;
/** The last day that is written with four digits of a year. */
const TIME_MAX = Date.parse('9999-12-31T23:59:59Z');
const SAFE_ID = /^[0-9A-Za-z][0-9A-Za-z_-]{0,79}$/;
const NAME = /^(\d{4}-\d{2}-\d{2})\/(\d{2})\/[0-9A-Za-z][0-9A-Za-z_-]{0,79}-(?:request|response)$/;
