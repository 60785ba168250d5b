import { isObject, type JsonObject, listAt, objectAt, textAt } from '../json-values.ts';

/** Events of the Responses API: its last one holds everything; one that was cut is made of the items that were finished, and of texts. */
export function assembleResponses(events: readonly JsonObject[]): JsonObject {
  const last = events.findLast((event) => /^response\.(?:completed|incomplete|failed)$/.test(textAt(event, 'type')));
  const whole = objectAt(last, 'response');
  if (whole && listAt(whole, 'output').length > 0) return whole;
  const items = new Map<number, unknown>();
  const texts = new Map<number, string[]>();
  for (const event of events) {
    const index = typeof event.output_index === 'number' ? event.output_index : 0;
    const type = textAt(event, 'type');
    if (type === 'response.output_item.done' && isObject(event.item)) items.set(index, event.item);
    if (type !== 'response.output_text.delta') continue;
    const text = texts.get(index);
    if (text) text.push(textAt(event, 'delta'));
    else texts.set(index, [textAt(event, 'delta')]);
  }
  for (const [index, text] of texts) {
    if (items.has(index)) continue;
    items.set(index, { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: text.join('') }] });
  }
  const output = Array.from(items)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
  return { ...whole, output };
}
