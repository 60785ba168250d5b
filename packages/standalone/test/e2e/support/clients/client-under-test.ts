import type { VendorName } from '../vendors.ts';

/** A client as an application uses it, with nothing changed but its base URL and headers. */
export interface ClientUnderTest {
  readonly name: string;
  readonly provider: VendorName;
  /** As stored. */
  readonly model: string;
  /** USD per million tokens, in and out, as the vendor's page says. */
  readonly rates: readonly [input: number, output: number];
  /** Finish reasons as the API names them: of a text, of a tool call. */
  readonly finish: readonly [text: string, tool: string];
  /** Makes the client. `origin` is Throughline's; `secret` is what the vendor knows the caller by. */
  connect(origin: string, secret: string): ClientCalls;
}

/** The calls that every client is tried with; `headers` are those of a session. They resolve with what the client read. */
export interface ClientCalls {
  /** @returns the text. */
  plain(headers: SessionHeaders): Promise<string>;
  /** @returns the text, put together from what was streamed. */
  streamed(headers: SessionHeaders): Promise<string>;
  /** @returns the input of the call of `TOOL`. */
  toolCall(headers: SessionHeaders): Promise<unknown>;
  /** What the client throws for a 429, made comparable: its class and its own fields. */
  limited(headers: SessionHeaders): Promise<ClientError>;
}

export type SessionHeaders = Readonly<Record<string, string>>;

export interface ClientError {
  /** The SDK's own class and not just any error. */
  readonly isOwn: boolean;
  readonly status: unknown;
}

export const QUESTION = 'Which step of the session was slow?';

/** A tool that every vendor takes; the fake provider fills its input by the schema. */
export const TOOL = {
  name: 'search',
  description: 'Searches steps.',
  schema: { type: 'object' as const, properties: { query: { type: 'string' as const } }, required: ['query'] },
};

/** What a call throws. @throws when it does not. */
export async function thrownBy(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error('the call succeeded');
}
