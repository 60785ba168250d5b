/** What a replay sends to the gateway. */
export interface GatewayCall {
  /** With its query, from `/` on. */
  readonly path: string;
  /** Names and values. Values are Latin-1 characters, each a byte. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
  /** Aborted: the call is given up. */
  readonly signal: AbortSignal;
}

/** What came back, to its end. */
export interface GatewayAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
  /** It is longer than what is kept of it. */
  readonly isTruncated: boolean;
}

/** Calls the gateway, and nothing else. Given by whoever starts the service. */
export interface GatewayCaller {
  /** Rejects where the gateway does not answer, or its answer breaks off. */
  call(call: GatewayCall): Promise<GatewayAnswer>;
}
