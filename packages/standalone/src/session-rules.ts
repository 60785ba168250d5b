import { SESSION_RULES, type SessionRule } from '@throughline/contracts/request-event';
import { list } from './setting.ts';

const NAMES: ReadonlySet<string> = new Set(SESSION_RULES);

/** `all`, `none`, the rules that are to be on, or those that are to be off, each after a minus. Their order stays as it is. */
export const sessionRules = list
  .superRefine((items, context) => {
    if (items.length === 1 && WORDS.has(items[0]!)) return;
    if (items.some((item) => WORDS.has(item))) {
      context.addIssue({ code: 'custom', message: 'says all or none beside something else; each stands alone' });
      return;
    }
    const unknown = items.find((item) => !NAMES.has(ruleOf(item)));
    if (unknown !== undefined) {
      const message = `names ${JSON.stringify(unknown.slice(0, 50))}, which is none of all, none, ${SESSION_RULES.join(', ')}`;
      context.addIssue({ code: 'custom', message });
    } else if (items.some(isOff) && !items.every(isOff)) {
      context.addIssue({
        code: 'custom',
        message: 'says both which rules are on and which are off; say one of the two',
      });
    }
  })
  .transform((items): readonly SessionRule[] => {
    if (items[0] === 'all') return SESSION_RULES;
    const named = new Set(items.map(ruleOf));
    const areOff = items.some(isOff);
    return SESSION_RULES.filter((rule) => named.has(rule) !== areOff);
  });

const WORDS: ReadonlySet<string> = new Set(['all', 'none']);

function isOff(item: string): boolean {
  return item.startsWith('-');
}

function ruleOf(item: string): string {
  return isOff(item) ? item.slice(1) : item;
}
