import { messages } from './anthropic/messages.ts';
import type { ApiShape, StreamReader } from './api-shape.ts';
import { converse } from './bedrock/converse.ts';
import { titan } from './bedrock/titan.ts';
import { cohere } from './cohere/cohere.ts';
import { generateContent } from './google/generate-content.ts';
import { interactions } from './google/interactions.ts';
import { vertexPredict } from './google/vertex-predict.ts';
import { isObject, type JsonObject, parseObject } from './json-object.ts';
import { mistralConversations } from './mistral/conversations.ts';
import { mistralOcr } from './mistral/ocr.ts';
import { ollama } from './ollama/ollama.ts';
import { chatCompletions } from './openai/chat-completions.ts';
import { imagesAndAudio } from './openai/images-and-audio.ts';
import { plainUsage } from './openai/plain-usage.ts';
import { realtime } from './openai/realtime.ts';
import { responses } from './openai/responses.ts';

/** Every API that can be read, the more particular ones first. To add one, add its folder and a line here. */
const SHAPES: readonly ApiShape[] = [
  messages,
  generateContent,
  interactions,
  vertexPredict,
  converse,
  titan,
  cohere,
  ollama,
  mistralOcr,
  mistralConversations,
  realtime,
  responses,
  chatCompletions,
  imagesAndAudio,
];

/** The shape of a JSON response: what the path announces if the body agrees, else whatever the body looks like. */
export function shapeOfBody(path: string, body: JsonObject): ApiShape {
  const announced = SHAPES.find((shape) => shape.servesPath(path));
  if (announced?.fitsBody(body)) return announced;
  return SHAPES.find((shape) => shape.fitsBody(body)) ?? announced ?? plainUsage;
}

/** A reader for the stream that the path announces, else one that chooses by the first event that looks like any. */
export function openStream(path: string): StreamReader {
  const announced = SHAPES.find((shape) => shape.servesPath(path));
  return announced ? announced.openStream() : new UnannouncedStream();
}

class UnannouncedStream implements StreamReader {
  #reader: StreamReader | undefined;
  #refused = 0;

  take(name: string, data: string): void {
    if (!this.#reader) {
      // A stream that is none of ours is not parsed event by event to its end.
      if (this.#refused >= EVENTS_LOOKED_AT_MAX) return;
      const event = parseObject(data);
      const shape = isObject(event) ? SHAPES.find((candidate) => candidate.fitsEvent(name, event)) : undefined;
      this.#reader = shape?.openStream();
      if (!this.#reader) this.#refused++;
    }
    this.#reader?.take(name, data);
  }

  finish() {
    return (this.#reader ?? plainUsage.openStream()).finish();
  }
}

const EVENTS_LOOKED_AT_MAX = 16;
