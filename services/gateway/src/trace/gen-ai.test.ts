import { describe, expect, test } from '@jest/globals';
import { genAiNames } from './gen-ai.ts';

describe('the names of a call, by its path and provider', () => {
  test.each([
    ['OPENAI', '/v1/chat/completions', { operation: 'chat', provider: 'openai', model: undefined }],
    ['OPENAI', '/v1/responses', { operation: 'chat', provider: 'openai', model: undefined }],
    ['OPENAI', '/v1/completions', { operation: 'text_completion', provider: 'openai', model: undefined }],
    ['OPENAI', '/v1/embeddings', { operation: 'embeddings', provider: 'openai', model: undefined }],
    ['OPENAI', '/v1/models/gpt-4o', { operation: undefined, provider: 'openai', model: undefined }],
    ['ANTHROPIC', '/v1/messages?beta=true', { operation: 'chat', provider: 'anthropic', model: undefined }],
    ['ANTHROPIC', '/v1/messages/count_tokens', { operation: undefined, provider: 'anthropic', model: undefined }],
    [
      'GOOGLE',
      '/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse',
      { operation: 'generate_content', provider: 'gcp.gemini', model: 'gemini-2.5-pro' },
    ],
    [
      'AWS',
      '/model/anthropic.claude-3/converse-stream',
      { operation: 'chat', provider: 'aws.bedrock', model: 'anthropic.claude-3' },
    ],
    [
      'AZURE',
      '/openai/deployments/ours/chat/completions?api-version=1',
      { operation: 'chat', provider: 'azure.ai.openai', model: 'ours' },
    ],
    ['https://example.com', '/anything', { operation: undefined, provider: undefined, model: undefined }],
  ])('%s %s', (provider, path, names) => {
    expect(genAiNames(provider, path)).toEqual(names);
  });
});
