/** An API that the fake provider plays: how its paths look decides which errors and headers an answer has. */
export type FakeApi = 'openai' | 'anthropic' | 'gemini' | 'bedrock';

/** The API whose path this is; what is no other's is OpenAI's, as with the many hosts that speak it. */
export function apiOfPath(path: string): FakeApi {
  if (BEDROCK.test(path)) return 'bedrock';
  if (GEMINI.test(path)) return 'gemini';
  return path.includes('/messages') ? 'anthropic' : 'openai';
}

const BEDROCK = /\/model\/[^/]+\/(?:converse|converse-stream|invoke|invoke-with-response-stream)$/;
const GEMINI = /:(?:generateContent|streamGenerateContent)$/;
