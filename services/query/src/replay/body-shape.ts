import type { EditableObject } from './lossless-json.ts';

/** Which API a request body is of: what decides where its system message stands, and how an answer is repeated in it. */
export type BodyShape = 'chat' | 'messages' | 'responses' | 'gemini' | 'converse' | 'other';

/** @param path of the call, with or without its query. */
export function bodyShape(path: string, body: EditableObject): BodyShape {
  const route = path.split('?', 1)[0]!;
  if (/:(?:stream)?generateContent$/i.test(route)) return 'gemini';
  if (/\/converse(?:-stream)?$/.test(route)) return 'converse';
  if (/\/messages$/.test(route)) return 'messages';
  if (/\/responses$/.test(route)) return 'responses';
  if (/\/chat\/completions$/.test(route)) return 'chat';
  if (Array.isArray(body.contents)) return 'gemini';
  if (Array.isArray(body.messages)) return 'anthropic_version' in body || 'system' in body ? 'messages' : 'chat';
  return 'input' in body && ('instructions' in body || Array.isArray(body.input)) ? 'responses' : 'other';
}
