import { DIFF_CONTEXT_CHARS, DIFF_TEXT_CHARS_MAX, type DiffPiece } from '@throughline/contracts/api/session-diff';
import type { TextPiece } from './text-pieces.ts';

/**
 * Pieces as an answer shows them: of what is equal only what stands beside a change, of all together so many characters.
 * Each says how many it leaves out, so that nothing is missing without a word.
 */
export function shownPieces(pieces: readonly TextPiece[]): DiffPiece[] {
  const shown: DiffPiece[] = [];
  const left = { equal: 0, delete: 0, insert: 0 };
  let room = DIFF_TEXT_CHARS_MAX;
  for (const [index, piece] of pieces.entries()) {
    for (const part of beside(piece, index === 0, index === pieces.length - 1)) {
      if (room === 0) {
        left[part.op] += part.text.length + (part.omitted ?? 0);
        continue;
      }
      const text = beginningOf(part.text, room);
      const omitted = part.text.length - text.length + (part.omitted ?? 0);
      shown.push({ op: part.op, text, ...(omitted > 0 && { omitted }) });
      room = text.length < part.text.length ? 0 : room - text.length;
    }
  }
  for (const op of ['equal', 'delete', 'insert'] as const) {
    if (left[op] > 0) shown.push({ op, text: '', omitted: left[op] });
  }
  return shown;
}

function beside({ op, text }: TextPiece, isFirst: boolean, isLast: boolean): DiffPiece[] {
  const head = isFirst ? '' : beginningOf(text, DIFF_CONTEXT_CHARS);
  const tail = isLast ? '' : endOf(text, DIFF_CONTEXT_CHARS);
  const omitted = text.length - head.length - tail.length;
  // Not for a few characters more.
  if (op !== 'equal' || omitted <= DIFF_CONTEXT_CHARS) return [{ op, text }];
  return [{ op, text: head, omitted }, ...(tail === '' ? [] : [{ op, text: tail }])];
}

/** Not ending within a character. */
function beginningOf(text: string, chars: number): string {
  if (text.length <= chars) return text;
  return text.slice(0, isLow(text.charCodeAt(chars)) ? chars - 1 : chars);
}

function endOf(text: string, chars: number): string {
  if (text.length <= chars) return text;
  const from = text.length - chars;
  return text.slice(isLow(text.charCodeAt(from)) ? from + 1 : from);
}

/** The second half of a surrogate pair. */
function isLow(unit: number): boolean {
  return (unit & 0xfc00) === 0xdc00;
}
