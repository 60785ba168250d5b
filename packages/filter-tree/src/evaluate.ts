import { decimalToPico } from '@throughline/contracts/money';
import { columnFact } from './column-facts.ts';
import { columnSpec } from './columns.ts';
import { compareNumbers, matchText } from './compare.ts';
import type { PropertyLookup, RequestFacts, SessionFacts, UserFacts } from './facts.ts';
import type { Comparison, Filter, Leaf, TextOperator } from './filter.ts';

export type { RequestFacts, SessionFacts, UserFacts } from './facts.ts';

/**
 * What a filter means: whether one request of a session makes it true. A session is selected when some request of it
 * inside the time window does. `filterSql` is right when it agrees with this.
 *
 * - Text that is missing is the empty text. A number that is unknown satisfies no comparison, not even `not-equals`.
 * - Of a session's names, models, providers and users some has to satisfy the condition; one without any has ''.
 * - A property is looked up by its key exactly, else by the first that differs in the case of ASCII letters only.
 * - A score has to be there. Feedback on a request that has none is false, feedback on a session then is neither.
 *
 * @param session undefined for a request without one: conditions about sessions are false then.
 * @param nowMs by which a session is live, epoch ms.
 * @param user what the user's requests add up to, for endpoints about users: conditions about them are false without.
 */
export function evaluateFilter(
  filter: Filter,
  request: RequestFacts,
  session: SessionFacts | undefined,
  nowMs: number = Date.now(),
  user?: UserFacts,
): boolean {
  switch (filter.kind) {
    case 'all':
      return true;
    case 'and':
      return filter.children.every((child) => evaluateFilter(child, request, session, nowMs, user));
    case 'or':
      return filter.children.some((child) => evaluateFilter(child, request, session, nowMs, user));
    case 'leaf':
      return holds(filter, request, session, nowMs, user);
  }
}

function holds(
  leaf: Leaf,
  request: RequestFacts,
  session: SessionFacts | undefined,
  nowMs: number,
  user: UserFacts | undefined,
): boolean {
  const { column, key = '', operator, value } = leaf;
  if (leaf.level === 'session' && session === undefined) return false;
  if (leaf.level === 'user' && user === undefined) return false;
  const fact = columnFact(column, request, session, nowMs, user);
  if (fact === null) return false;
  switch (columnSpec(column).kind) {
    case 'text': {
      const matches = (text: string) => matchText(operator as TextOperator, text, value as string);
      if (typeof fact === 'string') return matches(fact);
      const texts = fact as readonly string[];
      return texts.length === 0 ? matches('') : texts.some(matches);
    }
    case 'number':
    case 'time':
      return compareNumbers(operator as Comparison, fact as number | bigint, value as number);
    case 'usd':
      return compareNumbers(operator as Comparison, fact as bigint, decimalToPico(value as string));
    case 'boolean':
      return fact === value;
    case 'property':
      return matchText(operator as TextOperator, (fact as PropertyLookup)(key) ?? '', value as string);
    case 'property-key':
      return (fact as PropertyLookup)(value as string) !== undefined;
    case 'score': {
      const score = (fact as ReadonlyMap<string, number>).get(key);
      return score !== undefined && compareNumbers(operator as Comparison, score, value as number);
    }
  }
}
