import type { OmittedBodies } from '@throughline/contracts/omitted-bodies';
import type { EventSession, SessionRule } from '@throughline/contracts/request-event';
import { HOP_BY_HOP, headerClass } from './header-class.ts';
import { headerText } from './header-text.ts';
import { promptProperties } from './prompt-properties.ts';

/** A call's request headers, read once: what goes upstream, what is stored, what is meant for us. `''` = absent. */
export class CallHeaders {
  /** Names and values for the provider, alternating, as received. Credentials are judged by `keys/admission.ts`. */
  readonly upstream: string[] = [];
  /** Places of `Authorization`, `x-api-key` and `api-key` names in `upstream`. */
  readonly credentialsAt: number[] = [];
  readonly stored: (readonly [string, string])[] = [];
  readonly properties: (readonly [string, string])[] = [];

  heliconeAuth = '';
  sessionName = '';
  sessionPath = '';
  userId = '';
  requestId = '';
  modelOverride = '';
  targetUrl = '';
  openaiApiBase = '';
  fallbacks = '';
  /** Headers of ours that change what becomes of the call, by name in lower case; undefined: none was given. */
  behaviours: Map<string, string> | undefined = undefined;
  /** `Helicone-Stream-Usage: true`. */
  streamUsage = false;
  /** `Helicone-Stream-Force-Format: true`. */
  joinsChunks = false;
  /** `Helicone-Increase-Timeout: true`. */
  isPatient = false;
  /** Undefined: both bodies may be stored. */
  omits: OmittedBodies | undefined = undefined;
  /** `Helicone-Webhook-Enabled: true`. */
  webhook = false;
  awsAccessKey = '';
  awsSecretKey = '';
  awsSessionToken = '';
  contentType = '';
  contentEncoding = '';
  traceparent = '';
  tracestate = '';
  /** Undefined: none was given. */
  contentLength: number | undefined = undefined;
  chunked = false;

  private prompt: Map<string, string> | undefined;
  /** Values of the headers that name a session, by rule. */
  private sessions: Map<SessionRule, string> | undefined;

  /** @throws ApiError `invalid-header`. */
  constructor(rawHeaders: readonly string[]) {
    let connection = '';
    for (let i = 0; i < rawHeaders.length; i += 2) {
      const rawName = rawHeaders[i]!;
      const value = rawHeaders[i + 1]!;
      const { name, fate } = headerClass(rawName);
      switch (fate) {
        case 'forward':
          this.upstream.push(rawName, value);
          break;
        case 'store':
          this.upstream.push(rawName, value);
          this.stored.push([name, headerText(value)]);
          if (name === 'content-type') this.contentType = value;
          else if (name === 'content-encoding') this.contentEncoding = value;
          break;
        case 'credential':
          this.credentialsAt.push(this.upstream.length);
          this.upstream.push(rawName, value);
          break;
        case 'ours':
          this.readOurs(name, value);
          break;
        case 'read':
          if (name === 'connection') connection = joined(connection, value);
          else if (name === 'transfer-encoding') this.chunked = true;
          else {
            this.upstream.push(rawName, value);
            this.readForwarded(name, value);
          }
          break;
        case 'drop':
          break;
      }
    }
    if (connection !== '' && connection !== 'keep-alive') this.dropNamedBy(connection);
    if (this.prompt) this.properties.push(...promptProperties(this.prompt));
  }

  /** The session by the first enabled rule that matches, in the order of `rules`; null when no header names one. */
  session(rules: readonly SessionRule[]): EventSession | null {
    if (!this.sessions) return null;
    for (const rule of rules) {
      const id = this.sessions.get(rule);
      if (id !== undefined) return { id, name: this.sessionName, path: this.sessionPath, rule };
    }
    return null;
  }

  get hasBody(): boolean {
    return this.chunked || (this.contentLength !== undefined && this.contentLength > 0);
  }

  private readOurs(name: string, value: string): void {
    if (name.startsWith(PROPERTY)) {
      // Nothing after the prefix is no property.
      if (name.length > PROPERTY.length) this.properties.push([name.slice(PROPERTY.length), headerText(value)]);
      return;
    }
    switch (name) {
      case 'helicone-auth':
        this.heliconeAuth = value;
        break;
      case 'helicone-session-id':
        this.nameSession('helicone-session-id', value);
        break;
      case 'helicone-session-name':
        this.sessionName = joined(this.sessionName, headerText(value));
        break;
      case 'helicone-session-path':
        this.sessionPath = joined(this.sessionPath, headerText(value));
        break;
      case 'helicone-user-id':
        this.userId = joined(this.userId, headerText(value));
        break;
      case 'helicone-request-id':
        this.requestId = value;
        break;
      case 'helicone-model-override':
        this.modelOverride = headerText(value);
        break;
      case 'helicone-stream-usage':
        this.streamUsage = value === 'true';
        break;
      case 'helicone-stream-force-format':
        this.joinsChunks = value === 'true';
        break;
      case 'helicone-increase-timeout':
        this.isPatient = value === 'true';
        break;
      case 'helicone-omit-request':
        if (value === 'true') this.omits = { request: true, response: this.omits?.response ?? false };
        break;
      case 'helicone-omit-response':
        if (value === 'true') this.omits = { request: this.omits?.request ?? false, response: true };
        break;
      case 'helicone-webhook-enabled':
        this.webhook = value === 'true';
        break;
      case 'aws-access-key':
        this.awsAccessKey = value;
        break;
      case 'aws-secret-key':
        this.awsSecretKey = value;
        break;
      case 'aws-session-token':
        this.awsSessionToken = value;
        break;
      case 'helicone-target-url':
        this.targetUrl = value;
        break;
      case 'helicone-fallbacks':
        this.fallbacks = value;
        break;
      case 'helicone-openai-api-base':
        this.openaiApiBase = value;
        break;
      case 'helicone-experiment-id':
        this.properties.push(['Helicone-Experiment-Id', headerText(value)]);
        break;
      case 'helicone-prompt-id':
      case 'helicone-prompt-mode':
      case 'helicone-prompt-version':
        this.prompt ??= new Map();
        this.prompt.set(name, headerText(value));
        break;
      case 'helicone-cache-control':
        this.properties.push(['Helicone-Cache-Control', headerText(value)]);
        break;
      default:
        if (!BEHAVIOURS.has(name)) break;
        this.behaviours ??= new Map();
        this.behaviours.set(name, value);
        this.keepSetting(name, value);
    }
  }

  /** Settings of the response cache are properties as well (wire contract 1.4). */
  private keepSetting(name: string, value: string): void {
    if (name === 'helicone-cache-enabled') {
      if (value === 'true') this.properties.push(['Helicone-Cache-Enabled', value]);
    } else if (name === 'helicone-cache-bucket-max-size') {
      this.properties.push(['Helicone-Cache-Bucket-Max-Size', headerText(value)]);
    } else if (name === 'helicone-cache-seed') {
      const seed = Number.parseInt(value, 10);
      if (!Number.isNaN(seed)) this.properties.push(['Helicone-Cache-Seed', String(seed)]);
    }
  }

  private readForwarded(name: string, value: string): void {
    switch (name) {
      case 'content-length':
        this.contentLength = Number(value);
        break;
      case 'traceparent':
        this.traceparent = value;
        break;
      case 'tracestate':
        this.tracestate = joined(this.tracestate, value);
        break;
      case 'x-stripe-customer-id':
        this.properties.push(['stripe_customer_id', headerText(value)]);
        break;
      case 'x-claude-code-session-id':
        this.nameSession('claude-code-session-id', value);
        break;
      case 'session-id':
      case 'session_id':
        this.nameSession('session-id-header', value);
        break;
      case 'x-opencode-session':
        this.nameSession('opencode-session', value);
        break;
      case 'x-session-affinity':
        this.nameSession('session-affinity', value);
        break;
    }
  }

  private nameSession(rule: SessionRule, value: string): void {
    if (value === '') return;
    this.sessions ??= new Map();
    this.sessions.set(rule, joined(this.sessions.get(rule) ?? '', headerText(value)));
  }

  /** A header named in `Connection` ends at this hop. */
  private dropNamedBy(connection: string): void {
    const named = new Set(connection.split(',').map((token) => token.trim().toLowerCase()));
    for (let i = this.upstream.length - 2; i >= 0; i -= 2) {
      const { name } = headerClass(this.upstream[i]!);
      // Content-Length is framing: dropping it would change the message, so no client can have it dropped.
      if (!named.has(name) || HOP_BY_HOP.has(name) || name === 'content-length') continue;
      this.upstream.splice(i, 2);
      for (let at = this.credentialsAt.length - 1; at >= 0; at--) {
        if (this.credentialsAt[at] === i) this.credentialsAt.splice(at, 1);
        else if (this.credentialsAt[at]! > i) this.credentialsAt[at]! -= 2;
      }
    }
  }
}

const PROPERTY = 'helicone-property-';

/** Those of ours that ask for more than being sent and recorded, once (wire contract 1.4). */
const BEHAVIOURS: ReadonlySet<string> = new Set([
  'helicone-retry-enabled',
  'helicone-retry-num',
  'helicone-retry-factor',
  'helicone-retry-min-timeout',
  'helicone-retry-max-timeout',
  'helicone-moderations-enabled',
  'helicone-llm-security-enabled',
  'helicone-prompt-security-enabled',
  'helicone-token-limit-exception-handler',
  'throughline-replay',
  'throughline-replay-miss',
  'throughline-replay-pacing',
  'helicone-cache-enabled',
  'helicone-cache-read',
  'helicone-cache-save',
  'helicone-cache-seed',
  'helicone-cache-bucket-max-size',
  'helicone-cache-ignore-keys',
  'helicone-ratelimit-policy',
]);

// The same header twice is one list (RFC 9110, 5.3): nothing that was sent is lost.
function joined(before: string, value: string): string {
  return before === '' ? value : `${before}, ${value}`;
}
