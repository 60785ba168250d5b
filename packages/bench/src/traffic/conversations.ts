import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createRandom, type Random } from '@throughline/testkit/seed';
import { words } from './words.ts';

/** A run of an agent: each message of its assistant is the answer to a call with all messages before it. */
export interface Conversation {
  readonly session: string;
  readonly messages: readonly Message[];
}

export interface Message {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string | null;
  readonly [member: string]: unknown;
}

/**
 * The conversations of a folder: files `*.json` or `*.json.gz`, each an array of conversations; further members of them are
 * ignored. Without a folder made-up ones of the same shape, the same at every run.
 *
 * @throws where a folder has none.
 */
export function conversationsOf(folder: string | undefined): Conversation[] {
  if (folder === undefined) return madeUp();
  const names = readdirSync(folder).filter((name) => /\.json(\.gz)?$/.test(name));
  const found = names.sort().flatMap((name) => {
    const bytes = readFileSync(join(folder, name));
    return JSON.parse(String(name.endsWith('.gz') ? gunzipSync(bytes) : bytes)) as Conversation[];
  });
  if (found.length === 0) throw new Error(`${folder} has no conversations (*.json, *.json.gz)`);
  return found;
}

const MADE_UP = 60;
/** Recorded agents have 4 to 30 calls, 12 in the middle, under one system prompt of 6 kB. */
export const CONVERSATION_CALLS = { min: 4, max: 28 } as const;
const SYSTEM_BYTES = 6_000;

function madeUp(): Conversation[] {
  const random = createRandom(20_261_122);
  const system = systemPrompt(random);
  return Array.from({ length: MADE_UP }, (_, number) =>
    madeUpConversation(random, {
      session: `made-up-${number}`,
      system,
      calls: random.integer(CONVERSATION_CALLS.min, CONVERSATION_CALLS.max),
    }),
  );
}

export function systemPrompt(random: Random): Message {
  return { role: 'system', content: words(random, SYSTEM_BYTES) };
}

/** One of so many calls, under that system prompt. */
export function madeUpConversation(
  random: Random,
  { session, system, calls }: { readonly session: string; readonly system: Message; readonly calls: number },
): Conversation {
  const turns = Array.from({ length: calls }, (_, call) => turn(random, call));
  return { session, messages: [system, ...turns.flat()] };
}

/** What the agent is told, and what it says: every second time to a tool. */
function turn(random: Random, call: number): Message[] {
  const id = `call_${call}`;
  const told: Message =
    call % 2 === 0
      ? { role: 'user', content: words(random, random.integer(80, 400)) }
      : { role: 'tool', tool_call_id: `call_${call - 1}`, content: words(random, random.integer(200, 2_500)) };
  const query = JSON.stringify({ query: words(random, 60) });
  const said: Message =
    call % 2 === 0
      ? {
          role: 'assistant',
          content: null,
          tool_calls: [{ id, type: 'function', function: { name: 'search', arguments: query } }],
        }
      : { role: 'assistant', content: words(random, random.integer(100, 600)) };
  return [told, said];
}

/**
 * What a call is found by, exactly and, where a proxy has written its messages anew in a way of its own, by how its conversation
 * begins and how far it is.
 */
export function callNames(messages: readonly Pick<Message, 'role' | 'content'>[]): { exact: string; loose: string } {
  const said = messages.filter(({ role }) => role === 'assistant').length;
  const loose = `${said}\n${textOf(messages.find(({ role }) => role === 'user')?.content)}`;
  return { exact: `${loose}\n${textOf(messages.at(-1)?.content)}`, loose };
}

/** Texts may have become lists of parts. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part: { text?: unknown }) => (typeof part.text === 'string' ? part.text : '')).join('');
}
