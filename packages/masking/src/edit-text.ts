/** A part of a text, and what takes its place. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** The text with its edits made. Where they overlap, the first one's text stands for all of them. */
export function editText(text: string, edits: readonly Edit[]): string {
  if (edits.length === 0) return text;
  const inOrder = [...edits].sort((a, b) => a.from - b.from || b.to - a.to);
  const parts: string[] = [];
  let at = 0;
  let current = inOrder[0]!;
  let { to } = current;
  const put = () => {
    parts.push(text.slice(at, current.from), current.insert);
    at = to;
  };
  for (const edit of inOrder) {
    if (edit.from < to || edit === current) {
      if (edit.to > to) to = edit.to;
      continue;
    }
    put();
    current = edit;
    to = edit.to;
  }
  put();
  parts.push(text.slice(at));
  return parts.join('');
}
