/**
 * Text as the analytics store keeps it: UTF-8 has no place for half a surrogate pair, so it becomes U+FFFD here, before
 * anything is folded, and totals rebuilt from rows are those that were committed.
 */
export function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}
