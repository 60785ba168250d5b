import { type ApiShape, NOTHING_READ, type StreamReader } from '../api-shape.ts';
import { isObject, objectAt } from '../json-object.ts';
import { chatCompletions } from '../openai/chat-completions.ts';
import { readError } from '../read-error.ts';
import { CountReader, NO_USAGE } from '../reported-usage.ts';

/** Text embeddings by Vertex's `predict`: tokens are counted per text. Images and videos it makes are not counted. */
export const vertexPredict: ApiShape = {
  id: 'vertex-predict',
  servesPath: (path) => path.endsWith(':predict'),
  fitsBody: (body) => Array.isArray(body.predictions),
  fitsEvent: () => false,
  readBody(body) {
    const count = new CountReader();
    let input: number | null = null;
    for (const prediction of Array.isArray(body.predictions) ? body.predictions : []) {
      const embeddings = isObject(prediction) ? objectAt(prediction, 'embeddings') : undefined;
      const tokens = count.optional(objectAt(embeddings, 'statistics')?.token_count);
      if (tokens !== null) input = (input ?? 0) + tokens;
    }
    const usage =
      input === null && !count.doubtful ? null : { ...NO_USAGE, input, output: 0, doubtful: count.doubtful };
    return { ...NOTHING_READ, usage, error: readError(body), ended: true, answered: true };
  },
  openStream: (): StreamReader => chatCompletions.openStream(),
};
