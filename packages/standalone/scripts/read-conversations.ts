import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { SeedSession, SeedStep } from '../test/e2e/support/dashboard/seed-session.ts';

/** Enough to fill a list. */
const CONVERSATIONS_MAX = 40;
const HOUR_MS = 3_600_000;

interface Message {
  readonly role: string;
  readonly content: string | null;
  readonly name?: string;
  readonly tool_calls?: readonly { readonly function: { readonly name: string; readonly arguments: string } }[];
}

interface Conversation {
  readonly session: string;
  readonly model: string;
  readonly reward?: number;
  readonly messages: readonly Message[];
}

/**
 * Recorded conversations as sessions of the last day: each message of the assistant is a completion whose request holds all
 * messages before it, each of a tool a step.
 *
 * @param folder of files with JSON arrays of `{session, model, messages}`, also compressed with gzip.
 */
export async function readConversations(folder: string): Promise<SeedSession[]> {
  const names = (await readdir(folder)).filter((name) => /\.json(?:\.gz)?$/.test(name)).sort();
  const files = await Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(join(folder, name));
      return JSON.parse((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()) as Conversation[];
    }),
  );
  return files.flat().slice(0, CONVERSATIONS_MAX).map(asSession);
}

function asSession({ session, model, reward, messages }: Conversation, at: number): SeedSession {
  const steps = messages.flatMap((message, index): SeedStep[] => {
    if (message.role === 'tool') {
      const { arguments: args } = lastCall(messages.slice(0, index)) ?? {};
      return [
        {
          path: `/answer/${message.name ?? 'tool'}`,
          by: 'tool',
          model: message.name ?? 'tool',
          ask: args ?? '',
          answer: message.content ?? '',
          takesMs: 120,
        },
      ];
    }
    if (message.role !== 'assistant') return [];
    const before = messages.slice(0, index);
    const takesMs = 700 + (message.content?.length ?? 0) * 4;
    return [{ path: '/answer', by: 'log', model, messages: before, answerMessage: message, takesMs, words: 60 }];
  });
  return {
    id: session,
    name: 'Airline support',
    user: `passenger-${at % 9}`,
    properties: { environment: 'production', ...(reward !== undefined && { reward: String(reward) }) },
    ...(reward !== undefined && { rating: reward === 1 }),
    atMs: Date.now() - ((at % 23) + 1) * HOUR_MS,
    stages: steps.map((step) => [step]),
  };
}

function lastCall(messages: readonly Message[]) {
  return messages.findLast(({ tool_calls }) => tool_calls)?.tool_calls?.[0]?.function;
}
