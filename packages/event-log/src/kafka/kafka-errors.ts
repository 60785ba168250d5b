import { EventLogError } from '../event-log.ts';

/** What kafkajs's errors carry, beside what `Error` does. */
interface KafkajsError extends Error {
  /** Name of the protocol's error code. */
  readonly type?: string;
  readonly retriable?: boolean;
  readonly errors?: readonly Error[];
}

/** Refusals that no waiting heals: who we are, or what this client can speak. */
const REFUSED = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'UNSUPPORTED_VERSION',
  'INVALID_TOPIC_EXCEPTION',
  'INVALID_GROUP_ID',
  'INVALID_SESSION_TIMEOUT',
  'INCONSISTENT_GROUP_PROTOCOL',
]);
const REFUSED_NAMES = new Set(['KafkaJSSASLAuthenticationError', 'KafkaJSServerDoesNotSupportApiKey']);

/** What a client is told that is set up otherwise than the port it talks to. */
const HINTS: readonly (readonly [symptom: string, hint: string])[] = [
  [
    'Request is not valid given the current SASL state',
    'the broker wants no login on this port: check KAFKA_SASL_MECHANISM',
  ],
  [
    'Client network socket disconnected before secure TLS connection was established',
    'the port does not speak TLS, or its broker is stopping: check KAFKA_TLS',
  ],
];

/**
 * kafkajs's error → ours, with what was being done. Retryable unless the broker refuses us for good: kafkajs marks many
 * errors as not retriable that only it does not retry (a refused connection, an election).
 */
export function toEventLogError(what: string, error: unknown): EventLogError {
  if (error instanceof EventLogError) return error;
  const reasons = causesOf(error);
  const said = [...new Set(reasons.map(({ message }) => message).filter(Boolean))].join(': ');
  const hint = HINTS.find(([symptom]) => said.includes(symptom))?.[1];
  const words = hint === undefined ? said : `${said} (${hint})`;
  return new EventLogError('failed', `${what}: ${words}`, { retryable: !reasons.some(isRefusal), cause: error });
}

/** True for what waiting does not heal. */
export function isRefused(error: unknown): boolean {
  return causesOf(error).some(isRefusal);
}

/** True when the error, or what it stems from, is of this protocol type. */
export function isOfType(error: unknown, type: string): boolean {
  return causesOf(error).some((reason) => reason.type === type);
}

function isRefusal({ type, name }: KafkajsError): boolean {
  return (type !== undefined && REFUSED.has(type)) || REFUSED_NAMES.has(name);
}

function causesOf(error: unknown): KafkajsError[] {
  const found: KafkajsError[] = [];
  const visit = (reason: unknown) => {
    if (!isError(reason) || found.includes(reason)) return;
    found.push(reason);
    visit(reason.cause);
    for (const inner of (reason as KafkajsError).errors ?? []) visit(inner);
  };
  visit(error);
  return found;
}

function isError(reason: unknown): reason is KafkajsError {
  return typeof reason === 'object' && reason !== null && 'message' in reason;
}
