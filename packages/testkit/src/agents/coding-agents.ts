import { createHash } from 'node:crypto';

/** A coding agent, or a client of an API with conversations, as its traffic looks without a header of ours. */
export interface CodingAgent {
  readonly name: string;
  /** Path behind the gateway's origin. */
  readonly path: string;
  /** The rule by which its calls are grouped (`docs/sessions.md`). */
  readonly rule: string;
  /** What its session is called. @param session a UUID. */
  sessionId(session: string): string;
  headers(session: string): Record<string, string>;
  /** The whole conversation up to this turn, as agents send it; turns count from 0. */
  body(session: string, turn: number): Record<string, unknown>;
}

const DEVICE = createHash('sha256').update('a device').digest('hex');
const ACCOUNT = '6b1f7b52-63a0-4c55-9a6c-0a4a6de5a9b1';

const asItIs = (session: string) => session;
const asOfOpencode = (session: string) => `ses_${session}`;
const asStored = (session: string) => `conv_${session}`;

/** Made by us after what these clients are publicly known to send. */
export const CODING_AGENTS: readonly CodingAgent[] = [
  {
    name: 'Claude Code',
    path: '/v1/gateway/anthropic/v1/messages?beta=true',
    rule: 'claude-code-session-id',
    sessionId: asItIs,
    headers: (session) => ({ ...CLAUDE_CODE_HEADERS, 'x-claude-code-session-id': session }),
    body: (session, turn) => claudeBody(jsonUser(session), turn),
  },
  {
    name: 'Claude Code before its header, with a user as JSON',
    path: '/v1/gateway/anthropic/v1/messages?beta=true',
    rule: 'body-metadata-user-id',
    sessionId: asItIs,
    headers: () => CLAUDE_CODE_HEADERS,
    body: (session, turn) => claudeBody(jsonUser(session), turn),
  },
  {
    name: 'Claude Code before that',
    path: '/v1/gateway/anthropic/v1/messages',
    rule: 'body-metadata-user-id',
    sessionId: asItIs,
    headers: () => CLAUDE_CODE_HEADERS,
    body: (session, turn) => claudeBody(`user_${DEVICE}_account_${ACCOUNT}_session_${session}`, turn),
  },
  {
    name: 'Codex CLI',
    path: '/v1/gateway/oai/v1/responses',
    rule: 'session-id-header',
    sessionId: asItIs,
    headers: (session) => ({
      ...CODEX_HEADERS,
      'session-id': session,
      'thread-id': session,
      'x-client-request-id': session,
      'x-codex-window-id': `${session}:0`,
    }),
    body: codexBody,
  },
  {
    name: 'Codex CLI with names of headers as they were',
    path: '/v1/gateway/oai/v1/responses',
    rule: 'session-id-header',
    sessionId: asItIs,
    headers: (session) => ({ ...CODEX_HEADERS, session_id: session, conversation_id: session }),
    body: codexBody,
  },
  {
    name: 'Codex CLI without headers of sessions',
    path: '/v1/gateway/oai/v1/responses',
    rule: 'body-prompt-cache-key',
    sessionId: asItIs,
    headers: () => CODEX_HEADERS,
    body: codexBody,
  },
  {
    name: 'opencode at its own provider',
    path: '/v1/gateway/oai/v1/chat/completions',
    rule: 'opencode-session',
    sessionId: asOfOpencode,
    headers: (session) => ({
      'user-agent': 'opencode/1.3.0',
      'x-opencode-project': 'global',
      'x-opencode-session': asOfOpencode(session),
      'x-opencode-request': `msg_${session}`,
      'x-opencode-client': 'cli',
    }),
    body: (_session, turn) => ({ model: 'gpt-4.1', stream: true, messages: messages(turn) }),
  },
  {
    name: 'opencode at another provider',
    path: '/v1/gateway/oai/v1/chat/completions',
    rule: 'session-affinity',
    sessionId: asOfOpencode,
    headers: (session) => ({ 'user-agent': 'opencode/1.3.0', 'x-session-affinity': asOfOpencode(session) }),
    body: (_session, turn) => ({ model: 'gpt-4.1', stream: true, messages: messages(turn) }),
  },
  {
    name: 'a client of stored conversations',
    path: '/v1/gateway/oai/v1/responses',
    rule: 'body-conversation',
    sessionId: asStored,
    headers: () => ({ 'user-agent': 'OpenAI/JS 7.55.0' }),
    body: (session, turn) => ({
      model: 'gpt-4.1',
      input: [{ role: 'user', content: said(turn) }],
      conversation: turn % 2 === 0 ? asStored(session) : { id: asStored(session) },
    }),
  },
  {
    name: 'an application that names its session in metadata',
    path: '/v1/gateway/oai/v1/chat/completions',
    rule: 'body-metadata-session-id',
    sessionId: asItIs,
    headers: () => ({ 'user-agent': 'app/1' }),
    body: (session, turn) => ({ model: 'gpt-4.1', messages: messages(turn), metadata: { session_id: session } }),
  },
];

const CLAUDE_CODE_HEADERS: Record<string, string> = {
  'user-agent': 'claude-cli/2.1.70 (external, cli)',
  'anthropic-version': '2023-06-01',
  'anthropic-beta': 'claude-code-20250219,interleaved-thinking-2025-05-14',
  'x-app': 'cli',
  authorization: 'Bearer sk-ant-oat01-made-up',
};

const CODEX_HEADERS: Record<string, string> = {
  'user-agent': 'codex_cli_rs/0.98.0 (Debian 13; x86_64) xterm',
  originator: 'codex_cli_rs',
  accept: 'text/event-stream',
  authorization: 'Bearer made-up',
};

function jsonUser(session: string): string {
  return JSON.stringify({ device_id: DEVICE, account_uuid: ACCOUNT, session_id: session });
}

function claudeBody(userId: string, turn: number): Record<string, unknown> {
  return {
    model: 'claude-sonnet-4-5-20250929',
    max_tokens: 64,
    stream: true,
    system: [{ type: 'text', text: INSTRUCTIONS, cache_control: { type: 'ephemeral' } }],
    messages: messages(turn),
    metadata: { user_id: userId },
  };
}

function codexBody(session: string, turn: number): Record<string, unknown> {
  return {
    model: 'gpt-5-codex',
    instructions: INSTRUCTIONS,
    input: messages(turn).map(({ role, content }) => ({
      type: 'message',
      role,
      content: [{ type: role === 'user' ? 'input_text' : 'output_text', text: content }],
    })),
    store: false,
    stream: true,
    include: ['reasoning.encrypted_content'],
    // Behind what has grown beyond what is read at once.
    prompt_cache_key: session,
  };
}

function messages(turn: number): { readonly role: string; readonly content: string }[] {
  return Array.from({ length: 2 * turn + 1 }, (_, at) => ({
    role: at % 2 === 0 ? 'user' : 'assistant',
    content: said(at),
  }));
}

/** Each quotes what a session is named by: nothing of that is one. */
function said(at: number): string {
  const quoted = '{"conversation":"none","prompt_cache_key":"none","metadata":{"session_id":"none"}}';
  return `Step ${at}: read the file. It says ${quoted}. ${'It is long, as files are. '.repeat(400)}`;
}

const INSTRUCTIONS = 'You are a coding agent. Sessions are kept apart by "session_id" or _session_. '.repeat(40);
