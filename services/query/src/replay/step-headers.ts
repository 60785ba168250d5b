import { REPLAY_OF, REPLAY_STEP } from '@throughline/contracts/replay-properties';
import type { RecordedStep } from './recorded-steps.ts';

type Header = readonly [name: string, value: string];

/** Whose steps they become. */
export interface ReplayedAs {
  readonly recordedSessionId: string;
  readonly sessionId: string;
}

/**
 * What a step of the new session is recorded with: session, user and properties as they were, and whose replay it is. Values
 * are text; what no header can carry is left out of them.
 */
export function recordingHeaders(step: RecordedStep, { recordedSessionId, sessionId }: ReplayedAs): Header[] {
  const headers: Header[] = [['Helicone-Session-Id', sessionId]];
  const add = (name: string, value: string) => {
    if (value !== '') headers.push([name, value]);
  };
  add('Helicone-Session-Name', step.sessionName);
  add('Helicone-Session-Path', step.sessionPath);
  add('Helicone-User-Id', step.userId);
  for (const [key, value] of step.properties) {
    const name = key.toLowerCase();
    if (OWN.has(name)) continue;
    if (PROPERTIES_BY_HEADER.has(name)) add(name, value);
    else if (HEADER_NAME.test(name)) add(`Helicone-Property-${name}`, value);
  }
  add(`Helicone-Property-${REPLAY_OF}`, recordedSessionId);
  add(`Helicone-Property-${REPLAY_STEP}`, step.requestId);
  return headers;
}

/** Recorded headers that are sent again: those that decide what is answered, and no credentials, which are not recorded. */
export function providerHeaders(step: RecordedStep, isSameProvider: boolean): Header[] {
  const kept = step.requestHeaders.filter(([name]) => SENT_AGAIN.has(name) || (isSameProvider && OF_ACCOUNT.has(name)));
  const hasVersion = kept.some(([name]) => name === 'anthropic-version');
  return [
    ...kept,
    ...(step.requestContentType === '' || kept.some(([name]) => name === 'content-type')
      ? []
      : [['content-type', step.requestContentType] as const]),
    // Required there.
    ...(!hasVersion && /\/v1\/messages(?:\?|$)/.test(step.path) ? [['anthropic-version', '2023-06-01'] as const] : []),
  ];
}

/** As a header carries it: UTF-8, each byte a character, without control characters. */
export function headerValue(text: string): string {
  return Buffer.from(text.replace(CONTROL, ' ').trim()).toString('latin1');
}

const CONTROL = /\p{Cc}/gu;

/** Rebuilt from the session, or those of a replay before this one. */
const OWN: ReadonlySet<string> = new Set([
  'helicone-session-id',
  'helicone-session-name',
  'helicone-session-path',
  REPLAY_OF,
  REPLAY_STEP,
]);

/** Properties that headers of their own names make. */
const PROPERTIES_BY_HEADER: ReadonlySet<string> = new Set(['helicone-prompt-id', 'helicone-experiment-id']);

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;

/** Neither encodings, since bodies are sent and read as they are, nor what names a single call: a second one is another. */
const SENT_AGAIN: ReadonlySet<string> = new Set([
  'accept',
  'accept-language',
  'anthropic-beta',
  'anthropic-version',
  'content-type',
  'http-referer',
  'openai-beta',
  'referer',
  'user-agent',
  'x-title',
]);

/** Whose account it is on; another provider has none of it. */
const OF_ACCOUNT: ReadonlySet<string> = new Set(['openai-organization', 'openai-project']);
