import { PROMPT_FLAGGED } from '@throughline/contracts/blocked-call';
import { STATUS_THREAT_BLOCKED } from '@throughline/contracts/request-event';
import { asText, decodeBody } from '@throughline/providers/decode-body';
import type { Behaviour, BehaviourCall, OwnAnswer } from '../behaviour.ts';
import { latestUserText } from './latest-user-text.ts';
import type { Moderator } from './moderator.ts';
import { type ModerationRequest, readModeration } from './read-moderation.ts';

/** What a call is sent with, names and values alternating, wherever it goes first. */
export interface ModerationCaller {
  readonly outgoing: readonly string[];
}

/**
 * What `Helicone-Moderations-Enabled` and `Helicone-LLM-Security-Enabled` ask for: of chats with OpenAI, and hosts that stand
 * for it, the provider's own moderation endpoint judges the latest user message before they are sent.
 *
 * @returns undefined: nothing.
 */
export function openModeration(
  given: ReadonlyMap<string, string>,
  { outgoing }: ModerationCaller,
  moderator: Moderator,
): Behaviour | undefined {
  const asked = readModeration(given);
  return asked && { before: (call) => judge(call, asked, outgoing, moderator) };
}

const CHAT = /\/chat\/completions$/;
/** Of a compressed body, once it is not. */
const TEXT_BYTES_MAX = 8 * 1024 * 1024;

async function judge(
  call: BehaviourCall,
  asked: ModerationRequest,
  headers: readonly string[],
  moderator: Moderator,
): Promise<OwnAnswer | undefined> {
  const path = call.path.split('?', 1)[0]!;
  if (call.provider !== 'OPENAI' || call.method !== 'POST' || !CHAT.test(path) || !call.body) return undefined;
  const decoded = decodeBody(call.body, call.headers.contentEncoding, TEXT_BYTES_MAX);
  const body = decoded.ok ? asText(decoded.bytes) : undefined;
  if (body === undefined) {
    moderator.unread(new Error('the body cannot be read'));
    return undefined;
  }
  const text = latestUserText(body);
  if (text === undefined) return undefined;
  const moderations = path.replace(CHAT, '/moderations');
  const categories = await moderator.flagged({ origin: call.origin, path: moderations, headers, text });
  return categories && refusal(asked, `${categories.join(', ')} (request ${call.requestId})`);
}

function refusal({ findsThreats }: ModerationRequest, details: string): OwnAnswer {
  const error = findsThreats ? THREAT : FLAGGED;
  const body = Buffer.from(JSON.stringify({ success: false, error: { ...error, details } }));
  return {
    status: 400,
    ...(findsThreats && { recordedStatus: STATUS_THREAT_BLOCKED }),
    headers: ['Content-Type', 'application/json', 'Content-Length', String(body.length)],
    pieces: [body],
    heliconeStatus: 'failed',
  };
}

const THREAT = {
  code: 'PROMPT_THREAT_DETECTED',
  message: 'The latest user message was judged to be a threat, and the call was not sent.',
};

const FLAGGED = {
  code: PROMPT_FLAGGED,
  message: 'The latest user message was flagged by the moderation endpoint, and the call was not sent.',
};
