import { SESSION_RULES, type SessionRule } from '@throughline/contracts/request-event';

/** What an operator may set. Bytes and milliseconds as the names say. */
export interface GatewayConfig {
  /** Bound to a loopback address: calls without a key are recorded under tenant `default`. */
  readonly loopback: boolean;
  /** Refuse (401) what has no valid key, instead of proxying it unrecorded. */
  readonly requireKey: boolean;
  /** Origins whose pages may open sockets although the gateway is bound to loopback; those of this machine always may. `*`: any. */
  readonly browserOrigins: readonly string[];
  /** `host[:port]` names and addresses that may be reached although they are not public; see `allowed-targets.ts` of `packages/outbound`. */
  readonly allowedTargets: readonly string[];
  /** Which headers, members of bodies and attributes of spans name a session (`docs/sessions.md`), first match first. */
  readonly sessionRules: readonly SessionRule[];
  /** Of calls whose bodies are not stored, tokens that a provider did not tell are estimated; of others, who stores them does. */
  readonly estimatesTokens: boolean;
  /** Kept of each body; the rest is forwarded only, and the event says so. */
  readonly captureBytesMax: number;
  /** Kept of all bodies of calls under way together. */
  readonly captureTotalBytesMax: number;
  /** Headers of a call, and properties among them; beyond it 431. */
  readonly headersMax: number;
  readonly propertiesMax: number;
  /** Of a request body; beyond it 413. */
  readonly requestBytesMax: number;
  /** Longest time in which next to nothing of a request body comes; then 408. */
  readonly uploadIdleTimeoutMs: number;
  /** Calls that a key may have under way; beyond it 429. 0: any number. */
  readonly callsPerKeyMax: number;
  /** Request bodies with a Content-Length up to this are read whole before the call goes out. */
  readonly bufferedRequestBytesMax: number;
  /** Of a call that is signed anew or changed, which can only be done with its whole body; of one message of a socket. */
  readonly wholeRequestBytesMax: number;
  readonly connectTimeoutMs: number;
  /** From the end of the request to the response's headers. */
  readonly headersTimeoutMs: number;
  /** Longest silence within a response body. */
  readonly bodyIdleTimeoutMs: number;
  /** Longest time a client may read nothing while we have something for it. */
  readonly clientStallTimeoutMs: number;
  readonly connectionsPerOriginMax: number;
  /** Upstream origins whose connections are kept; the one used longest ago goes first. */
  readonly originsMax: number;
  /** How long `drain` waits for calls under way before it cuts them. */
  readonly drainTimeoutMs: number;
}

export const GATEWAY_DEFAULTS: GatewayConfig = {
  loopback: false,
  requireKey: false,
  browserOrigins: [],
  allowedTargets: [],
  sessionRules: SESSION_RULES,
  estimatesTokens: true,
  captureBytesMax: 16 * 1024 * 1024,
  captureTotalBytesMax: 512 * 1024 * 1024,
  // Ten times what browsers and agents send; the block's size alone would allow sixteen thousand.
  headersMax: 1_000,
  // As many as a session keeps names of, several times over.
  propertiesMax: 256,
  requestBytesMax: Number.POSITIVE_INFINITY,
  // As long as common proxies wait.
  uploadIdleTimeoutMs: 60_000,
  callsPerKeyMax: 0,
  // Most chat requests fit and then cost one write upstream; more would hold back the first byte of slow uploads.
  bufferedRequestBytesMax: 64 * 1024,
  // What Bedrock takes of a request is 25 MB at most, OpenAI of a message 15 MiB of audio, which are 20 as base64.
  wholeRequestBytesMax: 32 * 1024 * 1024,
  // Three TCP retransmissions; beyond that the host is down.
  connectTimeoutMs: 10_000,
  // Reasoning models answer non-streaming calls only when they are done; provider SDKs give up after ten minutes.
  headersTimeoutMs: 600_000,
  bodyIdleTimeoutMs: 600_000,
  clientStallTimeoutMs: 300_000,
  // Bounds sockets, not calls: further calls wait for a free connection.
  connectionsPerOriginMax: 2048,
  originsMax: 256,
  drainTimeoutMs: 30_000,
};
