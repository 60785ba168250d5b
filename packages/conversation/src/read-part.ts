import { isObject, type JsonObject, listAt, objectAt, printed, textAt } from './json-values.ts';
import type { Part } from './message.ts';

/** The parts of a message's content, in the forms of OpenAI, Anthropic, Gemini, Converse and those who write like them. */
export function readParts(content: unknown): Part[] {
  if (content === null || content === undefined || content === '') return [];
  if (typeof content === 'string') return [{ kind: 'text', text: content }];
  if (Array.isArray(content)) return content.flatMap(readParts);
  return isObject(content) ? [readPart(content)] : [{ kind: 'other', value: content }];
}

function readPart(part: JsonObject): Part {
  return readTyped(part) ?? readConverse(part) ?? readGemini(part) ?? readText(part) ?? { kind: 'other', value: part };
}

/** OpenAI and Anthropic say what a part is in `type`. */
function readTyped(part: JsonObject): Part | undefined {
  switch (part.type) {
    case 'thinking':
      return { kind: 'thinking', text: textAt(part, 'thinking', 'text') };
    case 'redacted_thinking':
      return { kind: 'thinking', text: '(not shown by the provider)' };
    case 'reasoning':
      return { kind: 'thinking', text: joinedText(listAt(part, 'summary')) || textAt(part, 'text') };
    case 'refusal':
      return { kind: 'refusal', text: textAt(part, 'refusal') };
    case 'image_url':
      return { kind: 'image', source: textAt(part, 'image_url') || textAt(objectAt(part, 'image_url'), 'url') };
    case 'input_image':
      return { kind: 'image', source: textAt(part, 'image_url') || textAt(objectAt(part, 'image_url'), 'url') };
    case 'image':
      return { kind: 'image', source: imageSource(objectAt(part, 'source') ?? part) };
    case 'tool_use':
    case 'server_tool_use':
    case 'tool-call':
      return {
        kind: 'call',
        id: textAt(part, 'id', 'toolCallId'),
        name: textAt(part, 'name', 'toolName'),
        args: printed(part.input ?? part.args ?? {}),
      };
    case 'tool_result':
      return resultPart(textAt(part, 'tool_use_id'), '', part.content, part.is_error === true);
    case 'tool-result':
      return resultPart(textAt(part, 'toolCallId'), textAt(part, 'toolName'), part.result ?? part.output, false);
    case 'input_audio':
    case 'audio':
      return { kind: 'file', about: `sound ${textAt(objectAt(part, 'input_audio'), 'format')}`.trim() };
    case 'file':
    case 'input_file':
    case 'document': {
      const name = textAt(objectAt(part, 'file') ?? part, 'filename', 'title', 'name', 'file_id');
      return { kind: 'file', about: `file ${name}`.trim() };
    }
    default:
      return undefined;
  }
}

/** Converse says it by which member a part has. */
function readConverse(part: JsonObject): Part | undefined {
  const { toolUse, toolResult, image, document, video, reasoningContent } = part;
  if (isObject(toolUse)) {
    return {
      kind: 'call',
      id: textAt(toolUse, 'toolUseId'),
      name: textAt(toolUse, 'name'),
      args: printed(toolUse.input ?? {}),
    };
  }
  if (isObject(toolResult)) {
    const content = listAt(toolResult, 'content').map((item) => (isObject(item) && 'json' in item ? item.json : item));
    return resultPart(textAt(toolResult, 'toolUseId'), '', content, toolResult.status === 'error');
  }
  if (isObject(image)) {
    const bytes = textAt(objectAt(image, 'source'), 'bytes');
    return { kind: 'image', source: bytes && `data:image/${textAt(image, 'format')};base64,${bytes}` };
  }
  if (isObject(document)) return { kind: 'file', about: `file ${textAt(document, 'name')}`.trim() };
  if (isObject(video)) return { kind: 'file', about: `film ${textAt(video, 'format')}`.trim() };
  if (isObject(reasoningContent)) {
    return { kind: 'thinking', text: textAt(objectAt(reasoningContent, 'reasoningText') ?? reasoningContent, 'text') };
  }
  return undefined;
}

/** Gemini too. */
function readGemini(part: JsonObject): Part | undefined {
  const call = objectAt(part, 'functionCall', 'function_call');
  if (call) return { kind: 'call', id: textAt(call, 'id'), name: textAt(call, 'name'), args: printed(call.args ?? {}) };
  const result = objectAt(part, 'functionResponse', 'function_response');
  if (result) return resultPart(textAt(result, 'id'), textAt(result, 'name'), result.response, false);
  const inline = objectAt(part, 'inlineData', 'inline_data');
  if (inline) {
    const type = textAt(inline, 'mimeType', 'mime_type');
    if (!type.startsWith('image/')) return { kind: 'file', about: type };
    return { kind: 'image', source: `data:${type};base64,${textAt(inline, 'data')}` };
  }
  const file = objectAt(part, 'fileData', 'file_data');
  if (file) return { kind: 'file', about: textAt(file, 'fileUri', 'file_uri') };
  if (part.thought === true) return { kind: 'thinking', text: textAt(part, 'text') };
  const code = objectAt(part, 'executableCode');
  if (code) return { kind: 'call', id: '', name: 'code', args: textAt(code, 'code') };
  const outcome = objectAt(part, 'codeExecutionResult');
  if (outcome) return resultPart('', 'code', textAt(outcome, 'output'), textAt(outcome, 'outcome') !== 'OUTCOME_OK');
  return undefined;
}

function readText(part: JsonObject): Part | undefined {
  const hasText = typeof part.text === 'string';
  const { type } = part;
  const isPlain = type === undefined || type === 'text' || type === 'input_text' || type === 'output_text';
  return hasText && isPlain ? { kind: 'text', text: part.text as string } : undefined;
}

/** @param content texts and images, or whatever the tool gave. */
export function resultPart(id: string, name: string, content: unknown, isError: boolean): Part {
  const parts = isContent(content) ? readParts(content) : [];
  const isRead = parts.length > 0 && parts.every(({ kind }) => kind === 'text' || kind === 'image');
  if (!isRead) {
    const text = content === undefined || content === null ? '' : printed(content);
    return { kind: 'result', id, name, text, images: [], isError };
  }
  return {
    kind: 'result',
    id,
    name,
    text: parts.flatMap((part) => (part.kind === 'text' ? part.text : [])).join('\n'),
    images: parts.flatMap((part) => (part.kind === 'image' ? part.source : [])),
    isError,
  };
}

function isContent(content: unknown): boolean {
  return typeof content === 'string' || Array.isArray(content);
}

/** Anthropic's `{type: 'base64', media_type, data}` or `{type: 'url', url}`; an MCP server's `{data, mimeType}`. */
function imageSource(source: JsonObject): string {
  const data = textAt(source, 'data');
  if (data === '') return textAt(source, 'url', 'image');
  return `data:${textAt(source, 'media_type', 'mimeType')};base64,${data}`;
}

/** The texts of `[{text}, …]`, in paragraphs. */
export function joinedText(parts: readonly unknown[]): string {
  return parts
    .map((part) => textAt(part, 'text'))
    .filter((text) => text !== '')
    .join('\n\n');
}
