import { isObject, type JsonObject, listAt, objectAt, textAt } from '../json-values.ts';

/** Chunks of chat completions, or of completions. Choices, and calls of tools, are told apart by their index. */
export function assembleChat(chunks: readonly JsonObject[]): JsonObject {
  const choices = new Map<number, Choice>();
  for (const chunk of chunks) {
    for (const choice of listAt(chunk, 'choices')) {
      if (!isObject(choice)) continue;
      const index = typeof choice.index === 'number' ? choice.index : 0;
      const made = choices.get(index) ?? new Choice();
      choices.set(index, made);
      made.take(choice);
    }
  }
  const ordered = Array.from(choices).sort(([a], [b]) => a - b);
  return { choices: ordered.map(([, choice]) => choice.whole()) };
}

class Choice {
  readonly #texts = new Map<string, string[]>();
  readonly #calls = new Map<number, { id: string; name: string; args: string[] }>();
  #finish = '';

  take(choice: JsonObject): void {
    this.#finish = textAt(choice, 'finish_reason') || this.#finish;
    this.#add('text', textAt(choice, 'text'));
    const delta = objectAt(choice, 'delta', 'message');
    if (!delta) return;
    for (const name of ['content', 'refusal', 'reasoning_content', 'reasoning']) this.#add(name, textAt(delta, name));
    for (const part of listAt(delta, 'content')) this.#add('content', textAt(part, 'text'));
    for (const [at, call] of listAt(delta, 'tool_calls').entries()) this.#takeCall(call, at);
    const called = objectAt(delta, 'function_call');
    if (called) this.#takeCall({ function: called }, 0);
  }

  whole(): JsonObject {
    const text = (name: string) => this.#texts.get(name)?.join('');
    const written = text('text');
    if (written !== undefined) return { text: written, finish_reason: this.#finish };
    const calls = Array.from(this.#calls.values(), ({ id, name, args }) => ({
      id,
      function: { name, arguments: args.join('') },
    }));
    const message = {
      role: 'assistant',
      content: text('content') ?? null,
      reasoning_content: text('reasoning_content') ?? text('reasoning') ?? null,
      refusal: text('refusal') ?? null,
      tool_calls: calls,
    };
    return { message, finish_reason: this.#finish };
  }

  #add(name: string, text: string): void {
    if (text === '') return;
    const texts = this.#texts.get(name);
    if (texts) texts.push(text);
    else this.#texts.set(name, [text]);
  }

  #takeCall(call: unknown, at: number): void {
    if (!isObject(call)) return;
    const index = typeof call.index === 'number' ? call.index : at;
    const made = this.#calls.get(index) ?? { id: '', name: '', args: [] };
    this.#calls.set(index, made);
    const called = objectAt(call, 'function');
    made.id ||= textAt(call, 'id');
    made.name ||= textAt(called, 'name');
    made.args.push(textAt(called, 'arguments'));
  }
}
