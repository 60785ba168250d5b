import type { RawCall } from '@throughline/testkit/raw-call';
import type { Variant } from './answer-variants.ts';
import { bytesOf, type Recording } from './recorded-answer.ts';
import { PLAY_HEADER, PROVIDER_CREDENTIALS } from './recorded-provider.ts';

/** Labels of hosts that a base URL of the gateway names as a whole. */
const LABELS: Readonly<Record<string, string>> = {
  'api.openai.com': 'oai',
  'api.anthropic.com': 'anthropic',
  'generativelanguage.googleapis.com': 'google',
  'openrouter.ai': 'openrouter',
  'api.groq.com': 'groq',
  'api.mistral.ai': 'mistral',
  'api.deepseek.com': 'deepseek',
  'api.cohere.com': 'cohere',
  'api.z.ai': 'zai',
  'api.voyageai.com': 'voyageai',
  'router.huggingface.co': 'huggingface',
};

/** Which of the three ways of naming a provider a variant takes, where there is a label: all three are played. */
const FORMS: Readonly<Record<Variant, 'path' | 'host' | 'target'>> = {
  plain: 'path',
  pieces: 'host',
  gzip: 'target',
  br: 'path',
  zstd: 'host',
  cut: 'target',
  'cut-compressed': 'path',
};

export interface PlayOptions {
  readonly gatewayPort: number;
  readonly key: string;
  readonly variant: Variant;
  /** As `startRecordedProvider` is asked for it. */
  readonly play: string;
  /** Where hosts are to be found that no setting replaces. */
  readonly unknownOrigin: string;
  readonly isKnown: boolean;
}

/** A recorded request, sent to the gateway in the form that its host suggests. */
export function playCall(recording: Recording, options: PlayOptions): RawCall {
  const { gatewayPort, key, variant, play } = options;
  const { url, headers } = addressOf(recording, options);
  const body = bytesOf(recording.request);
  return {
    url: `http://127.0.0.1:${gatewayPort}${url}`,
    method: recording.method.toUpperCase(),
    headers: {
      ...recording.request.headers,
      ...PROVIDER_CREDENTIALS,
      ...headers,
      [PLAY_HEADER]: play,
      'helicone-auth': `Bearer ${key}`,
      'helicone-session-id': variant,
      ...(body.length > 0 && { 'content-length': String(body.length) }),
    },
    ...(body.length > 0 && { body }),
  };
}

function addressOf(
  { host, path }: Recording,
  { gatewayPort, variant, unknownOrigin, isKnown }: PlayOptions,
): { readonly url: string; readonly headers: Readonly<Record<string, string>> } {
  const region = /^bedrock-runtime\.([a-z0-9-]+)\.amazonaws\.com$/.exec(host)?.[1];
  const label = region === undefined ? LABELS[host] : 'bedrock';
  const labelled = region === undefined ? path : `/v1/${region}${path}`;
  if (host.endsWith('.azure.com')) {
    return { url: `/v1/gateway/oai${path}`, headers: { 'helicone-openai-api-base': `https://${host}` } };
  }
  if (label === undefined || FORMS[variant] === 'target') {
    const target = isKnown ? `https://${host}` : unknownOrigin;
    return { url: `/v1/gateway/gateway${path}`, headers: { 'helicone-target-url': target } };
  }
  if (FORMS[variant] === 'path') return { url: `/v1/gateway/${label}${labelled}`, headers: {} };
  return { url: labelled, headers: { host: `${label}.localhost:${gatewayPort}` } };
}
