import { editText } from './edit-text.ts';
import { findSecrets, type TextRules } from './find-secrets.ts';

/**
 * A text with what the rules name replaced; the text itself where there is nothing of it.
 *
 * @param open it may have been cut: what is begun at its end counts as what it may have become.
 */
export function maskText(text: string, rules: TextRules, open = false): string {
  const spans = findSecrets(text, rules, open);
  return spans.length === 0
    ? text
    : editText(
        text,
        spans.map(({ from, to, label }) => ({ from, to, insert: label })),
      );
}
