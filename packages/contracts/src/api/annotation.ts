import { z } from 'zod';
import { apiBoolean } from './coerced.ts';

/** Longest tag, characters: a label, not a note. */
export const TAG_CHARS_MAX = 1_024;
/** Longest key and value of a property, characters: as much as a header holds that sets one with the call itself. */
export const PROPERTY_KEY_CHARS_MAX = 1_024;
export const PROPERTY_VALUE_CHARS_MAX = 16_384;
/** Longest name of a score, characters, and how many scores a session or request has at most. */
export const SCORE_NAME_CHARS_MAX = 256;
export const SCORES_MAX = 100;

/** Body of `POST /v1/session/{id}/feedback` and `/v1/request/{id}/feedback`. */
export const ratingBody = z.strictObject({ rating: apiBoolean });

/** Body of `POST /v1/feedback`, as clients of old send it. */
export const legacyFeedbackBody = z.strictObject({ 'helicone-id': z.string(), rating: apiBoolean });

/** Body of `POST /v1/session/{id}/tag`; `''` takes the tag away. */
export const tagBody = z.strictObject({ tag: z.string().max(TAG_CHARS_MAX) });

/** Body of `PUT /v1/request/{id}/property`. */
export const propertyBody = z.strictObject({
  key: z.string().min(1).max(PROPERTY_KEY_CHARS_MAX),
  value: z.string().max(PROPERTY_VALUE_CHARS_MAX),
});

/** Name and value as given, in the order given. Pairs, not an object: whatever a user names (`__proto__`) is data. */
const scorePairs = z.unknown().transform((given, context): (readonly [name: string, value: number | boolean])[] => {
  const refuse = (message: string, path: string[] = [], input: unknown = given) => {
    context.issues.push({ code: 'custom', message, path, input });
    return z.NEVER;
  };
  if (given === undefined) return refuse("'scores' is required");
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return refuse('invalid object');
  const pairs = Object.entries(given);
  if (pairs.length > SCORES_MAX) return refuse(`at most ${SCORES_MAX} scores`, [], pairs.length);
  for (const [name, value] of pairs) {
    if (name === '' || name.length > SCORE_NAME_CHARS_MAX) {
      return refuse(`a name has 1 to ${SCORE_NAME_CHARS_MAX} characters`, [name], value);
    }
    const isValue = typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
    if (!isValue) return refuse('a score is a number or a boolean', [name], value);
  }
  return pairs as [string, number | boolean][];
});

/** Body of `POST /v1/session/{id}/score` and `/v1/request/{id}/score`. */
export const scoresBody = z.strictObject({
  scores: scorePairs.meta({
    override: {
      type: 'object',
      maxProperties: SCORES_MAX,
      propertyNames: { minLength: 1, maxLength: SCORE_NAME_CHARS_MAX },
      additionalProperties: { type: ['number', 'boolean'] },
    },
  }),
});
