import type { Message, Part } from '@throughline/conversation/message';
import type { ChatState, ChatStep } from './chat-loader.ts';

/** A line of the chat. */
export type ChatItem =
  /** Where a step begins. @param step its index. @param repeated messages that it sent once more. */
  | { readonly kind: 'step'; readonly key: string; readonly step: number; readonly repeated: number }
  | { readonly kind: 'message'; readonly key: string; readonly step: number; readonly message: Message }
  /** What was said before the first step that is there. */
  | { readonly kind: 'before'; readonly key: string; readonly step: number; readonly messages: readonly Message[] }
  /** A step that is no call to a model. */
  | { readonly kind: 'bodies'; readonly key: string; readonly step: number; readonly chatStep: ChatStep };

/** @param isMatched whether a result is shown with its call, so that its own message is left out. */
export function chatItems({ first, steps }: ChatState, isMatched: (part: Part) => boolean): ChatItem[] {
  const items: ChatItem[] = [];
  let hasModelStep = false;
  steps.forEach((chatStep, index) => {
    const step = first + index;
    const { folded } = chatStep;
    items.push({ kind: 'step', key: `s${step}`, step, repeated: folded?.repeated ?? 0 });
    if (!folded) {
      items.push({ kind: 'bodies', key: `b${step}`, step, chatStep });
      return;
    }
    let shown = folded.fresh;
    const asked = folded.fresh.length - folded.answers;
    if (first > 0 && !hasModelStep && asked > 1) {
      items.push({ kind: 'before', key: `h${step}`, step, messages: folded.fresh.slice(0, asked - 1) });
      shown = folded.fresh.slice(asked - 1);
    }
    hasModelStep = true;
    shown.forEach((message, at) => {
      if (message.parts.length > 0 && message.parts.every(isMatched)) return;
      items.push({ kind: 'message', key: `m${step}.${at}`, step, message });
    });
  });
  return items;
}

/** Every message that is there, in order. */
export function allMessages({ steps }: ChatState): Message[] {
  return steps.flatMap(({ folded }) => folded?.fresh ?? []);
}
