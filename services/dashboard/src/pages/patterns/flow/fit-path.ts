/**
 * A path in so many characters: its beginning gives way first, up to the last part alone, then the end of that.
 *
 * @param room characters, 2 at least.
 */
export function fitPath(path: string, room: number): string {
  const signs = [...path];
  if (signs.length <= room) return path;
  const parts = path.split('/').filter((part) => part !== '');
  for (let from = 1; from < parts.length; from++) {
    const tail = `…/${parts.slice(from).join('/')}`;
    if ([...tail].length <= room) return tail;
  }
  const last = parts.length > 1 ? parts.at(-1)! : path;
  if ([...last].length <= room) return last;
  return `${[...last].slice(0, Math.max(1, room - 1)).join('')}…`;
}
