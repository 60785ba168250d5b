import { hash } from 'node:crypto';
import { isObject, parseJson, printed } from './json-values.ts';
import type { Message, Part } from './message.ts';
import { readRequest } from './read-request.ts';
import { isEmptyAnswer, readResponse } from './read-response.ts';
import { readStep } from './read-step.ts';

/**
 * A request as people read it, in lines: what was said, tools and settings of a call to a model, what went into any other
 * step. Names that a provider gave calls and answers are left out, so that what was said twice is the same text twice.
 *
 * @param kind `llm`, `tool`, `vector_db` or `data`. @param body as it was recorded, text or JSON. Whatever cannot be read is as it is.
 */
export function requestText(kind: string, body: unknown): string {
  return textOf(body, (value) => {
    if (kind !== 'llm') return stepRequest(kind, value);
    const read = readRequest(value);
    if (!read) return undefined;
    const tools = read.tools.map(({ name, description }) => `tool ${name}: ${description}`);
    const settings = read.settings.map(([name, set]) => `${name}: ${printed(set)}`).sort();
    return [read.messages.map(messageText).join('\n\n'), tools.join('\n'), settings.join('\n')]
      .filter((part) => part !== '')
      .join('\n\n');
  });
}

/** The same of what came back, a stream put together. */
export function responseText(kind: string, body: unknown): string {
  return textOf(body, (value) => {
    if (kind !== 'llm') return printed(readStep(kind, undefined, value).output);
    const read = readResponse(value);
    if (!read) return isEmptyAnswer(value) ? '' : unread(value);
    const said = read.messages.map(messageText);
    return [...said, ...(read.error === '' ? [] : [`error: ${read.error}`])].join('\n\n');
  });
}

/** Without what no two answers have the same. */
function unread(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const { id, created, created_at, ...rest } = value;
  return printed(rest);
}

function textOf(body: unknown, read: (value: unknown) => string | undefined): string {
  const value = typeof body === 'string' ? (parseJson(body) ?? body) : body;
  try {
    return read(value) ?? printed(value);
  } catch (error) {
    // Nested deeper than the stack: nobody reads that, but it can be compared.
    if (error instanceof RangeError && typeof body === 'string') return body;
    throw error;
  }
}

function stepRequest(kind: string, value: unknown): string {
  const { name, facts, input } = readStep(kind, value, undefined);
  const lines = [name, ...facts.map(([fact, set]) => `${fact}: ${set}`)].filter((line) => line !== '');
  return [...lines, ...(input === undefined ? [] : [printed(input)])].join('\n');
}

function messageText({ role, name, parts }: Message): string {
  return [`[${name === '' ? role : `${role} ${name}`}]`, ...parts.map(partText)].join('\n');
}

function partText(part: Part): string {
  switch (part.kind) {
    case 'text':
    case 'refusal':
      return part.text;
    case 'thinking':
      return `(thinking) ${part.text}`;
    case 'image':
      return imageText(part.source);
    case 'file':
      return `(${part.about})`;
    case 'call':
      return `call ${part.name} ${argumentsText(part.args)}`;
    case 'result':
      return [
        `${part.isError ? 'error' : 'result'} ${part.name}`.trim(),
        part.text,
        ...part.images.map(imageText),
      ].join('\n');
    case 'other':
      return printed(part.value);
  }
}

/** However the model spaced them. */
function argumentsText(args: string): string {
  const value = parseJson(args);
  return isObject(value) || Array.isArray(value) ? printed(value) : args;
}

const EDGE = 24;
const DIGEST_CHARS = 10;

/** Data is no text: how it begins and ends, how much of it there is, and a digest, which tells one image from another. */
function imageText(source: string): string {
  if (!source.startsWith('data:')) return `(image ${source})`;
  const digest = hash('sha1', source).slice(0, DIGEST_CHARS);
  return `(image ${source.slice(0, EDGE * 2)}…${source.slice(-EDGE)}, ${source.length} characters, SHA-1 ${digest})`;
}
