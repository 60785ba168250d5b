import { OVERLOADED } from './anthropic-messages.ts';
import type { FakeApi } from './api-of-path.ts';
import { SERVER_ERROR } from './openai-chat.ts';
import { type FakeReply, type FakeRequest, jsonReply } from './reply.ts';

/** An API's own error of a status, in its own words. */
export function errorReply(status: number, api: FakeApi, { vendor }: Pick<FakeRequest, 'vendor'>): FakeReply {
  const [type, message] = ERRORS[status] ?? (status >= 500 ? ['server_error', 'Server error'] : ['error', 'Error']);
  switch (api) {
    case 'anthropic': {
      const body =
        status === 529 ? OVERLOADED : { type: 'error', error: { type: anthropicType(status, type), message } };
      return jsonReply(status, { ...body, request_id: 'req_011CSHoEeqs5C35K2UUqR7Fy' });
    }
    case 'gemini':
      return jsonReply(status, { error: { code: status, message, status: GOOGLE_STATUSES[status] ?? 'UNKNOWN' } });
    case 'bedrock': {
      const name = AWS_ERRORS[status] ?? (status >= 500 ? 'InternalServerException' : 'ValidationException');
      const errorType: [string, string] = ['x-amzn-ErrorType', `${name}:http://internal.amazon.com/coral/`];
      return { ...jsonReply(status, { message }), headers: [errorType] };
    }
    case 'openai':
      if (vendor === 'mistral') return mistralError(status, message);
      if (status === 500) return jsonReply(500, SERVER_ERROR);
      return jsonReply(status, { error: { message, type, param: null, code: status === 429 ? type : null } });
  }
}

/** Mistral's gateway says less than its API: a key that is not known is refused before anybody reads the call. */
function mistralError(status: number, message: string): FakeReply {
  if (status === 401) return jsonReply(401, { detail: 'Unauthorized' });
  const type = status === 429 ? 'rate_limited' : status >= 500 ? 'internal_server_error' : 'invalid_request_error';
  return jsonReply(status, { object: 'error', message, type, param: null, code: status === 429 ? '1300' : '3000' });
}

function anthropicType(status: number, type: string): string {
  return status === 429 ? 'rate_limit_error' : type;
}

const ERRORS: Readonly<Record<number, readonly [type: string, message: string]>> = {
  400: ['invalid_request_error', 'We could not parse the JSON body of your request.'],
  401: ['invalid_request_error', 'Incorrect API key provided.'],
  404: ['invalid_request_error', 'Unknown request URL.'],
  429: ['rate_limit_exceeded', 'Rate limit reached. Please try again later.'],
};

const GOOGLE_STATUSES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
};

const AWS_ERRORS: Readonly<Record<number, string>> = {
  400: 'ValidationException',
  403: 'AccessDeniedException',
  404: 'ResourceNotFoundException',
  429: 'ThrottlingException',
  500: 'InternalServerException',
  503: 'ServiceUnavailableException',
};
