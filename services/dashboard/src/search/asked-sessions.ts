import type { Schemas } from '@throughline/client/throughline-client';
import { allOf, type Filter, nameIs, readFilter, writeFilter } from './filter-param.ts';
import { type Period, periodBounds, plainRange } from './period.ts';

/** A condition on the steps of a session, as the API takes it. */
export type Pattern = Schemas['SessionPattern'];

/** Some sessions, as a URL says which. */
export interface AskedSessions {
  /** One of their names; undefined: whatever they are called. */
  readonly name?: string | undefined;
  readonly period?: Period;
  readonly filter?: Filter | undefined;
  readonly pattern?: Pattern | undefined;
}

/** What all endpoints about many sessions take. */
export function askedBody({ name, period, filter = 'all', pattern }: AskedSessions, nowMs: number) {
  const { fromMs, toMs } = periodBounds(period, nowMs);
  return {
    search: '',
    timeFilter: { startTimeUnixMs: fromMs, endTimeUnixMs: toMs },
    nameEquals: name ?? '',
    filter,
    ...(pattern && { pattern }),
  };
}

/** As one text of a URL. */
export function writeAsked(asked: AskedSessions): string {
  const { filter, ...rest } = asked;
  return JSON.stringify({ ...rest, ...(filter && filter !== 'all' && { filter }) });
}

/** Undefined where the text says nothing that can be read. */
export function readAsked(text: string | undefined): AskedSessions | undefined {
  if (text === undefined) return undefined;
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof said !== 'object' || said === null || Array.isArray(said)) return undefined;
  const { name, period, filter, pattern } = said as Readonly<Record<string, unknown>>;
  return {
    ...(typeof name === 'string' && { name }),
    ...(typeof period === 'string' && { period }),
    ...(filter !== undefined && { filter: readFilter(JSON.stringify(filter)) }),
    ...(typeof pattern === 'object' && pattern !== null && { pattern: pattern as Pattern }),
  };
}

/** The search parameters with which the session list shows them. */
export function listSearch({ name, period, filter, pattern }: AskedSessions, nowMs: number): Record<string, string> {
  const range = plainRange(period, nowMs);
  const tree = writeFilter(allOf(name === undefined ? undefined : nameIs(name), filter));
  return {
    ...(range !== undefined && { range }),
    ...(tree !== undefined && { filter: tree }),
    ...(pattern && { pattern: JSON.stringify(pattern) }),
  };
}

/** The pattern of a URL (`pattern=`, JSON); undefined where it says nothing that can be read. The API judges what is in it. */
export function readPattern(text: string | undefined): Pattern | undefined {
  return text === undefined ? undefined : readAsked(`{"pattern":${text}}`)?.pattern;
}
