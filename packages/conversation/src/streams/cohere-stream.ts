import { type JsonObject, objectAt, textAt } from '../json-values.ts';

/** Events of Cohere's second chat API. */
export function assembleCohere(events: readonly JsonObject[]): JsonObject {
  const texts: string[] = [];
  const plan: string[] = [];
  const calls = new Map<unknown, { id: string; name: string; args: string[] }>();
  let finish = '';
  for (const event of events) {
    const delta = objectAt(event, 'delta');
    const message = objectAt(delta, 'message');
    texts.push(textAt(objectAt(message, 'content'), 'text'));
    plan.push(textAt(message, 'tool_plan'));
    finish = textAt(delta, 'finish_reason') || finish;
    const call = objectAt(message, 'tool_calls');
    if (!call) continue;
    const made = calls.get(event.index) ?? { id: '', name: '', args: [] };
    calls.set(event.index, made);
    made.id ||= textAt(call, 'id');
    made.name ||= textAt(objectAt(call, 'function'), 'name');
    made.args.push(textAt(objectAt(call, 'function'), 'arguments'));
  }
  const message = {
    role: 'assistant',
    content: texts.join(''),
    tool_plan: plan.join(''),
    tool_calls: Array.from(calls.values(), ({ id, name, args }) => ({
      id,
      function: { name, arguments: args.join('') },
    })),
  };
  return { message, finish_reason: finish };
}
