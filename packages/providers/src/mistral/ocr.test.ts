import { describe, expect, test } from '@jest/globals';
import { body, read } from '../fixtures/read.ts';

const TO_OCR = { provider: 'MISTRAL', path: '/v1/ocr', requestText: '{"model":"mistral-ocr-2505","document":{}}' };
const pages = [{ index: 0, markdown: '# Rivers', images: [{ id: 'img-0', image_annotation: null }] }];
const read3 = (more: object) =>
  read({
    ...TO_OCR,
    ...body({ model: 'mistral-ocr-2505', pages, usage_info: { pages_processed: 3, doc_size_bytes: 9 }, ...more }),
  });

describe('Mistral OCR', () => {
  test('is priced by the page, and lacks no tokens', () => {
    expect(read3({})).toMatchObject({
      model: 'mistral-ocr-2505',
      tokens: { prompt_tokens: null, completion_tokens: null },
      usageComplete: true,
      costPico: 3_000_000_000n,
      costSource: 'table',
    });
  });

  test.each([
    ['the document', { document_annotation: '{"river":"Aare"}' }],
    ['an image in it', { pages: [{ images: [{ image_annotation: '{"kind":"map"}' }] }] }],
  ])('costs more with annotations of %s', (_what, more) => {
    expect(read3(more).costPico).toBe(9_000_000_000n);
  });
});
