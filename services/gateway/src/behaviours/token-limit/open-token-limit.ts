import { parseObject } from '@throughline/providers/json-object';
import type { GatewayMetrics } from '../../gateway-metrics.ts';
import type { Behaviour, BehaviourCall } from '../behaviour.ts';
import { candidatesOf } from './candidates-of.ts';
import type { TokenLimitHandler } from './token-limit-messages.ts';
import type { TokenLimits } from './token-limits.ts';

export interface TokenLimitDeps {
  readonly tokenLimits: TokenLimits;
  readonly metrics: GatewayMetrics;
}

/**
 * What `Helicone-Token-Limit-Exception-Handler` asks for: that a prompt which is too long for its model is shortened, or goes
 * to another one.
 *
 * @returns undefined: nothing, as for values that there are none of.
 */
export function openTokenLimit(given: ReadonlyMap<string, string>, deps: TokenLimitDeps): Behaviour | undefined {
  const handler = HANDLERS.find((known) => known === given.get('helicone-token-limit-exception-handler'));
  return handler && { before: (call) => fit(call, handler, deps) };
}

const HANDLERS: readonly TokenLimitHandler[] = ['truncate', 'middle-out', 'fallback'];

async function fit(
  call: BehaviourCall,
  handler: TokenLimitHandler,
  { tokenLimits, metrics }: TokenLimitDeps,
): Promise<undefined> {
  const { headers, body, provider } = call;
  // What is compressed is not looked into.
  if (call.method !== 'POST' || !body || headers.contentEncoding !== '' || !JSON_TYPE.test(headers.contentType)) return;
  const path = call.path.split('?', 1)[0]!;
  const fitted = await tokenLimits.fit({ handler, body, provider, path, modelOverride: headers.modelOverride });
  if (typeof fitted === 'string') {
    if (handler === 'fallback') call.body = withFirstModel(body);
    metrics.tokenLimited('failed');
    return;
  }
  if (fitted.body) call.body = Buffer.from(fitted.body);
  // A list of models has no price.
  if (fitted.model !== '' && headers.modelOverride !== '') headers.modelOverride = fitted.model;
  metrics.tokenLimited(fitted.body ? 'changed' : 'unchanged');
}

/** No provider knows a list of models. */
function withFirstModel(body: Buffer): Buffer {
  const request = parseObject(body.toString());
  const models = typeof request?.model === 'string' ? candidatesOf(request.model) : [];
  return models.length < 2 ? body : Buffer.from(JSON.stringify({ ...request, model: models[0] }));
}

const JSON_TYPE = /^(?:application\/(?:[\w.-]+\+)?json\b|$)/i;
