import { type ApiShape, NOTHING_READ, type StreamReader } from '../api-shape.ts';
import { boundedText, NAME_CHARS_MAX } from '../bounded-text.ts';
import { isObject, type JsonObject, objectAt } from '../json-object.ts';
import { chatCompletions } from '../openai/chat-completions.ts';
import { readError } from '../read-error.ts';
import { CountReader, NO_USAGE } from '../reported-usage.ts';

/** Mistral's document reading, billed by the page; its chat, embeddings and transcription speak OpenAI's API. */
export const mistralOcr: ApiShape = {
  id: 'mistral-ocr',
  servesPath: (path) => path.endsWith('/ocr'),
  fitsBody: (body) => objectAt(body, 'usage_info')?.pages_processed !== undefined,
  fitsEvent: () => false,
  readBody(body) {
    const count = new CountReader();
    const pages = count.optional(objectAt(body, 'usage_info')?.pages_processed);
    const annotatedPages = isAnnotated(body) ? (pages ?? 0) : 0;
    return {
      ...NOTHING_READ,
      model: boundedText(body.model, NAME_CHARS_MAX),
      usage:
        pages === null && !count.doubtful
          ? null
          : { ...NO_USAGE, pages: pages ?? 0, annotatedPages, doubtful: count.doubtful },
      error: readError(body),
      ended: true,
      answered: Array.isArray(body.pages),
    };
  },
  openStream: (): StreamReader => chatCompletions.openStream(),
};

/** Annotations of the document or of images in it make every page cost more. */
function isAnnotated(body: JsonObject): boolean {
  if (typeof body.document_annotation === 'string' && body.document_annotation !== '') return true;
  if (!Array.isArray(body.pages)) return false;
  return body.pages.some(
    (page) =>
      isObject(page) &&
      Array.isArray(page.images) &&
      page.images.some((image) => isObject(image) && typeof image.image_annotation === 'string'),
  );
}
