import type { ResponseReading } from '../api-shape.ts';
import { boundedText, NAME_CHARS_MAX } from '../bounded-text.ts';
import { isObject, type JsonObject, objectAt } from '../json-object.ts';
import { readOpenAiUsage } from './openai-usage.ts';

/**
 * The models that answered in the name of one of Groq's compound systems, each with its share of the usage
 * (`usage_breakdown`); null where one model answered for itself.
 */
export function modelsBehind(body: JsonObject | undefined): ResponseReading['billedAs'] {
  const models = objectAt(body, 'usage_breakdown')?.models;
  if (!Array.isArray(models) || models.length === 0) return null;
  const behind: { model: string; usage: NonNullable<ReturnType<typeof readOpenAiUsage>> }[] = [];
  for (const entry of models) {
    const counts = isObject(entry) ? objectAt(entry, 'usage') : undefined;
    const usage = counts ? readOpenAiUsage(counts) : null;
    if (isObject(entry) && usage) behind.push({ model: boundedText(entry.model, NAME_CHARS_MAX), usage });
  }
  return behind.length === 0 ? null : behind;
}

/** Tools that Groq ran itself (search, code, browser) are billed by the call or the hour, and not told apart by price. */
export function ranTools(body: JsonObject): boolean {
  const choices = body.choices;
  if (!Array.isArray(choices)) return false;
  return choices.some((choice) => {
    const message = isObject(choice) ? (objectAt(choice, 'message') ?? objectAt(choice, 'delta')) : undefined;
    const tools = message?.executed_tools;
    return Array.isArray(tools) && tools.length > 0;
  });
}
