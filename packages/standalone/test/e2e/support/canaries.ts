import { randomBytes } from 'node:crypto';
import { scriptHeader } from '@throughline/testkit/fake-provider/script';
import { type RawCall, rawCall } from '@throughline/testkit/raw-call';
import { waitFor } from '@throughline/testkit/wait-for';

const canary = (where: string) => `canary${where}${randomBytes(18).toString('hex')}`;

/** Credentials that exist nowhere else, by where they are sent, and what a masking rule names. */
export const CANARIES = {
  authorization: canary('authorization'),
  apiKey: canary('xapikey'),
  azure: canary('azure'),
  google: canary('google'),
  cookie: canary('cookie'),
  proxy: canary('proxy'),
  query: canary('query'),
  token: canary('token'),
  signature: canary('signature'),
  subscription: canary('subscription'),
  password: canary('password'),
  awsAccess: canary('awsaccess'),
  awsSecret: canary('awssecret'),
  awsSession: canary('awssession'),
  logged: canary('logged'),
  span: canary('span'),
  unknown: `sk-helicone-${randomBytes(4).toString('hex').slice(0, 7)}-qqqqqqq-wwwwwww-eeeeeee`,
  masked: canary('masked'),
} as const;

/** Settings under which what is masked among them is not stored either. */
export const CANARY_SETTINGS = {
  MASKING_RULES: JSON.stringify({ emails: true, keys: true, literals: [CANARIES.masked] }),
  LOG_LEVEL: 'trace',
};

/** Names of the canaries that occur in a text, as they are or in Base64; `ours` for a key of ours. */
export function canariesIn(text: string, ours: string): string[] {
  return Object.entries({ ...CANARIES, ours })
    .filter(([, key]) => text.includes(key) || text.includes(Buffer.from(key).toString('base64').slice(0, -4)))
    .map(([name]) => name);
}

/**
 * Sends every canary through a gateway: in each header, query and path that takes a credential, in calls that succeed,
 * fail, break off and are left, with our key and with one that nobody knows, by hand and as spans.
 *
 * @returns everything that was answered.
 */
export async function sendCanaries(gatewayUrl: string, key: string, sessionId: string): Promise<string> {
  const credentials = {
    authorization: `Bearer ${CANARIES.authorization}`,
    'x-api-key': CANARIES.apiKey,
    'api-key': CANARIES.azure,
    'x-goog-api-key': CANARIES.google,
    cookie: `session=${CANARIES.cookie}`,
    'proxy-authorization': `Basic ${CANARIES.proxy}`,
    'aws-access-key': CANARIES.awsAccess,
    'aws-secret-key': CANARIES.awsSecret,
    'aws-session-token': CANARIES.awsSession,
  };
  const session = {
    'Helicone-Session-Id': sessionId,
    'Helicone-Session-Name': `about ${CANARIES.masked}`,
    'Helicone-Property-Note': CANARIES.masked,
    'Helicone-User-Id': CANARIES.masked,
    'content-type': 'application/json',
  };
  const query = new URLSearchParams({
    key: CANARIES.query,
    'api-key': CANARIES.azure,
    access_token: CANARIES.token,
    'X-Amz-Signature': CANARIES.signature,
    'X-Amz-Security-Token': CANARIES.awsSession,
    AWSAccessKeyId: CANARIES.awsAccess,
    'subscription-key': CANARIES.subscription,
  });
  const messages = [{ role: 'user', content: `Hello, ${CANARIES.masked}` }];
  const body = JSON.stringify({ model: 'gpt-4o-mini', user: CANARIES.masked, messages });
  let answers = '';
  const send = async (path: string, call: Omit<RawCall, 'url'>) => {
    const answer = await rawCall({ url: gatewayUrl + path, ...call });
    answers += `${answer.status} ${JSON.stringify(answer.headers)} ${answer.body.toString('latin1')}\n`;
  };

  const scripts = [
    {},
    { status: 500 },
    { status: 401 },
    { fault: { kind: 'reset', after: 'request' } },
    { fault: { kind: 'cut', after: { bytes: 20 } } },
  ] as const;
  for (const ours of [key, CANARIES.unknown]) {
    const headers = { ...session, ...credentials, 'Helicone-Auth': `Bearer ${ours}` };
    for (const script of scripts) {
      for (const path of [
        `/v1/gateway/oai/v1/chat/completions?${query}`,
        `/v1/gateway/anthropic/v1/messages?${query}`,
        `/v1/gateway/oai/${ours}/v1/chat/completions`,
      ]) {
        await send(path, { headers: { ...headers, ...scriptHeader(script) }, body });
      }
    }
    await send(`/v1/gateway/bedrock/v1/us-east-1/model/x/converse?${query}`, { headers, body });
    await send(`/v1/gateway/nobody/v1/x?${query}`, { headers, body });
    for (const target of [
      `http://user:${CANARIES.password}@127.0.0.1/`,
      `http://${CANARIES.password}@8.8.8.8`,
      `https://127.0.0.1:1/?key=${CANARIES.query}`,
    ]) {
      await send('/v1/gateway/gateway/x', { headers: { ...headers, 'Helicone-Target-URL': target }, body });
      await send('/v1/gateway/oai/x', { headers: { ...headers, 'Helicone-OpenAI-Api-Base': target }, body });
    }
    const fallback = {
      'target-url': 'https://api.openai.com',
      headers: credentials,
      onCodes: [{ from: 400, to: 599 }],
    };
    const fallbacks = JSON.stringify([fallback, { ...fallback, 'target-url': `https://${CANARIES.password}@8.8.8.8` }]);
    for (const value of [fallbacks, JSON.stringify([fallback]), fallbacks.slice(0, -5)]) {
      await send('/v1/gateway/gateway/v1/chat/completions', {
        headers: { ...session, 'Helicone-Auth': `Bearer ${ours}`, 'Helicone-Fallbacks': value },
        body,
      });
    }
    // Two keys in one header, and ours where the provider's would be.
    for (const authorization of [`Bearer ${CANARIES.authorization}, Bearer ${ours}`, `Bearer ${ours}`]) {
      await send('/v1/gateway/oai/v1/chat/completions', { headers: { ...session, authorization }, body });
    }
    // Left in the middle of the answer.
    const leaving = new AbortController();
    await send(`/v1/gateway/oai/v1/chat/completions?${query}`, {
      headers: { ...headers, ...scriptHeader({ paceMs: 50 }) },
      body: JSON.stringify({ model: 'gpt-4o-mini', stream: true, messages }),
      signal: leaving.signal,
      onChunk: () => leaving.abort(),
    });

    const log = JSON.stringify({
      providerRequest: {
        url: `https://user:${CANARIES.password}@api.example.com/v1?key=${CANARIES.logged}`,
        json: { model: 'gpt-4o', messages },
        meta: { ...session, Authorization: `Bearer ${CANARIES.logged}`, 'x-api-key': CANARIES.logged },
      },
      providerResponse: {
        json: { id: 'x', choices: [{ message: { content: CANARIES.masked } }] },
        status: 200,
        headers: { 'set-cookie': CANARIES.cookie, authorization: CANARIES.logged, 'x-api-key': CANARIES.logged },
      },
      timing: {
        startTime: { seconds: 1_790_000_000, milliseconds: 0 },
        endTime: { seconds: 1_790_000_001, milliseconds: 0 },
      },
    });
    for (const path of ['/custom/v1/log', '/v1/trace/custom/v1/log', '/oai/v1/log']) {
      for (const [authorization, text] of [
        [`Bearer ${ours}`, log],
        [`Bearer ${CANARIES.authorization}, Bearer ${ours}`, log],
        [`Bearer ${ours}`, `{"providerRequest": "${CANARIES.masked}`],
      ] as const) {
        await send(path, { headers: { ...credentials, ...session, authorization }, body: text });
      }
    }
    const text = (name: string, stringValue: string) => ({ key: name, value: { stringValue } });
    const span = {
      traceId: randomBytes(16).toString('hex'),
      spanId: randomBytes(8).toString('hex'),
      name: `span of ${CANARIES.masked}`,
      kind: 3,
      startTimeUnixNano: '1790000000000000000',
      endTimeUnixNano: '1790000001000000000',
      status: { code: 2, message: `failed for ${CANARIES.masked}` },
      attributes: [
        text('gen_ai.operation.name', 'chat'),
        text('gen_ai.request.model', 'gpt-4o'),
        text('session.id', sessionId),
        text('user.id', CANARIES.masked),
        text('http.request.header.authorization', `Bearer ${CANARIES.span}`),
        text('llm.request.api_key', CANARIES.span),
        text(
          'llm.invocation_parameters',
          JSON.stringify({ extra_headers: { 'x-api-key': CANARIES.span }, api_key: CANARIES.span }),
        ),
        text('url.full', `https://api.openai.com/v1/chat/completions?key=${CANARIES.span}&sig=${CANARIES.signature}`),
        text('url.query', `access_token=${CANARIES.span}`),
        text(
          'gen_ai.input.messages',
          JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: CANARIES.masked }] }]),
        ),
      ],
    };
    const spans = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
    for (const [authorization, sent] of [
      [`Bearer ${ours}`, spans],
      [`Bearer ${ours}`, `{"resourceSpans": "${CANARIES.masked}`],
    ] as const) {
      await send('/v1/traces', {
        headers: { ...credentials, 'content-type': 'application/json', authorization },
        body: sent,
      });
    }
  }
  return answers;
}

/** Asks the API for everything of the session, and what it refuses, with keys of others. */
export async function askWithCanaries(apiUrl: string, key: string, sessionId: string): Promise<string> {
  let answers = '';
  const ask = async (path: string, token: string, body?: string) => {
    const answer = await rawCall({
      url: apiUrl + path,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body }),
    });
    answers += `${answer.status} ${JSON.stringify(answer.headers)} ${answer.body.toString()}\n`;
  };
  await ask(`/v1/session/${sessionId}`, key);
  await ask(`/v1/session/${sessionId}/requests?includeBody=true`, key);
  await ask('/v1/property/query', key, '{}');
  await ask('/v1/api-keys', key);
  await ask('/v1/system/audit', key);
  for (const token of [CANARIES.authorization, CANARIES.unknown]) {
    await ask(`/v1/session/${sessionId}`, token);
    await ask(`/v1/nothing?api_key=${CANARIES.query}`.replace(CANARIES.query, 'x'), token);
    await ask('/v1/session/query', token, '{"filter": 1');
  }
  return answers;
}

/** The session, once it has as many requests as were recorded before `sendCanaries` came back: it grows no more. */
export async function untilSettled(count: () => Promise<number>): Promise<void> {
  let last = -1;
  await waitFor(
    async () => {
      const now = await count();
      const isSettled = now > 0 && now === last;
      last = now;
      return isSettled;
    },
    { what: 'the canaries to be stored', intervalMs: 1_000, timeoutMs: 60_000 },
  );
}
