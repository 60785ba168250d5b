import type { SessionRule } from '@throughline/contracts/request-event';
import { isObject } from '@throughline/providers/json-object';
import type { AttributeValue } from './attribute-value.ts';
import { isSecret } from './secret-attributes.ts';
import type { SpanFacts } from './span-facts.ts';

/** What a span says beside its step: whose it is and where it belongs. `''` where it says nothing. */
export interface SpanContext {
  readonly session: { readonly id: string; readonly rule: SessionRule } | undefined;
  readonly sessionName: string;
  /** As given. */
  readonly sessionPath: string;
  readonly userId: string;
  readonly modelOverride: string;
  readonly properties: readonly (readonly [string, string])[];
}

/** Longer ones are cut: as much as headers hold that say the same. */
const NAME_CHARS_MAX = 1_024;
const VALUE_CHARS_MAX = 16_384;
const SESSION_CHARS_MAX = 8_192;
/** Of one span; further ones are left out. */
const PROPERTIES_MAX = 256;

/** @param rules in the order in which they are tried; those that are not among them are switched off. */
export function spanContext(facts: SpanFacts, rules: readonly SessionRule[]): SpanContext {
  const said = new Map<string, string>();
  const properties: [string, string][] = [];
  const add = (name: string, value: AttributeValue) => {
    // A key has no place here, and is not kept if it is put here.
    if (name === '' || isSecret(name) || properties.length >= PROPERTIES_MAX) return;
    properties.push([name.slice(0, NAME_CHARS_MAX), textOf(value).slice(0, VALUE_CHARS_MAX)]);
  };
  for (const prefix of CARRIERS) {
    for (const [rest, value] of facts.under(prefix)) {
      const name = prefix === BARE ? BARE + rest : rest;
      const lower = name.toLowerCase();
      if (lower.startsWith(PROPERTY)) add(name.slice(PROPERTY.length), value);
      else if (lower.startsWith('helicone-')) {
        if (OURS.has(lower)) said.set(lower, textOf(value).slice(0, SESSION_CHARS_MAX));
        else add(name, value);
      } else if (!ELSEWHERE.has(prefix + rest)) add(name, value);
    }
  }
  const metadata = facts.json('metadata');
  if (isObject(metadata)) for (const [name, value] of Object.entries(metadata)) add(name, value as AttributeValue);
  const tags = facts.get('tag.tags') ?? facts.get('langfuse.trace.tags');
  if (tags !== undefined) add('tags', tags);
  return {
    session: findSession(facts, said, rules),
    sessionName: said.get('helicone-session-name') ?? '',
    sessionPath: said.get('helicone-session-path') ?? '',
    userId: said.get('helicone-user-id') ?? facts.text(...USERS).slice(0, SESSION_CHARS_MAX),
    modelOverride: said.get('helicone-model-override') ?? '',
    properties,
  };
}

const BARE = 'Helicone-';
const PROPERTY = 'helicone-property-';
const OURS: ReadonlySet<string> = new Set([
  'helicone-session-id',
  'helicone-session-name',
  'helicone-session-path',
  'helicone-user-id',
  'helicone-model-override',
]);

/** What applications attach to their spans, by the instrumentation through which they do it. */
const CARRIERS = [
  'traceloop.association.properties.',
  'ai.telemetry.metadata.',
  'ai.settings.context.',
  'langfuse.trace.metadata.',
  'langfuse.observation.metadata.',
  BARE,
];

const USERS = [
  'user.id',
  'enduser.id',
  'langfuse.user.id',
  'llm.user',
  'gen_ai.request.user',
  'gen_ai.user',
  'traceloop.association.properties.user_id',
  'ai.telemetry.metadata.userId',
  'ai.settings.context.userId',
];

/** Attribute → rule. */
const SESSIONS: ReadonlyMap<SessionRule, string> = new Map<SessionRule, string>([
  ['otlp-session-id', 'session.id'],
  ['otlp-gen-ai-conversation-id', 'gen_ai.conversation.id'],
  ['otlp-langfuse-session-id', 'langfuse.session.id'],
  ['otlp-mlflow-trace-session', 'mlflow.trace.session'],
  ['otlp-traceloop-session-id', 'traceloop.association.properties.session_id'],
]);

/** Read for what they are, and so no properties. */
const ELSEWHERE: ReadonlySet<string> = new Set([...USERS, ...SESSIONS.values()]);

function findSession(
  facts: SpanFacts,
  said: ReadonlyMap<string, string>,
  rules: readonly SessionRule[],
): SpanContext['session'] {
  for (const rule of rules) {
    const key = SESSIONS.get(rule);
    const given =
      rule === 'otlp-helicone-session-id' ? (said.get('helicone-session-id') ?? '') : key && facts.text(key);
    // MLflow writes texts as JSON.
    const id = rule === 'otlp-mlflow-trace-session' ? given?.replace(/^"(.*)"$/, '$1') : given;
    if (id) return { id: id.slice(0, SESSION_CHARS_MAX), rule };
  }
  return undefined;
}

function textOf(value: AttributeValue): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
