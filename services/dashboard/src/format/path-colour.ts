/** Hues of 15 degrees, in two lightnesses. */
const HUES = 24;

/**
 * The colour of a path, the same for the same text everywhere: hue and lightness from a hash (FNV-1a), chroma and the two
 * lightnesses from the theme.
 */
export function pathColour(path: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < path.length; i++) {
    hash ^= path.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  const spread = (hash ^ (hash >>> 15)) >>> 0;
  const hue = (spread % HUES) * (360 / HUES);
  const lightness = Math.floor(spread / HUES) % 2 === 0 ? 'var(--path-light)' : 'var(--path-dark)';
  return `oklch(${lightness} var(--path-chroma) ${hue})`;
}
