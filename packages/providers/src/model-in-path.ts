import { boundedText, NAME_CHARS_MAX } from './bounded-text.ts';

/**
 * The model that a path names, `''` when it names none: `…/deployments/<name>/…` (Azure), `…/models/<name>:verb`
 * (Gemini, Vertex), `/model/<id>/…` (Bedrock).
 */
export function modelInPath(path: string): string {
  const segment = /\/(?:deployments|models|model)\/([^/?#]+)/.exec(path)?.[1];
  if (segment === undefined) return '';
  // Gemini puts a verb behind a colon, which model ids never hold unescaped there; Bedrock's own hold `:0`.
  const name = path.includes('/models/') ? segment.replace(/:[a-zA-Z]+$/, '') : segment;
  try {
    return boundedText(decodeURIComponent(name), NAME_CHARS_MAX);
  } catch {
    return boundedText(name, NAME_CHARS_MAX);
  }
}

/**
 * The model that a Bedrock path names, `''` for any other path. Bedrock bills by this id, which holds the region; the
 * body of the answer gives the maker's own id, which costs something else.
 */
export function bedrockModel(path: string): string {
  return path.startsWith('/model/') ? modelInPath(path) : '';
}
