import { ConversationFold, type FoldedStep } from '@throughline/conversation/fold-conversation';
import { textAt } from '@throughline/conversation/json-values';
import { readRequest } from '@throughline/conversation/read-request';
import { readResponse } from '@throughline/conversation/read-response';
import { api, dataOf } from '../../../api/client.ts';
import { askInSession, askOne } from '../panel/use-request.ts';
import type { StepColumns } from '../steps/ask-steps.ts';

/** A step as the conversation has it. */
export interface ChatStep {
  readonly requestId: string;
  readonly kind: string;
  /** What it adds; undefined: it is no call to a model, or nothing that is read here. */
  readonly folded: FoldedStep | undefined;
  /** Kept where nothing could be folded. */
  readonly bodies: { readonly request: unknown; readonly response: unknown } | undefined;
}

export interface ChatState {
  /** Index of the first step that is there. */
  readonly first: number;
  readonly steps: readonly ChatStep[];
  readonly isLoading: boolean;
  readonly error: unknown;
}

/** Steps whose bodies are asked for at once. */
const PAGE_STEPS = 25;
/** A step further ahead than this is begun with, rather than everything before it read. */
const AHEAD_MAX = 150;
/** Steps before one that is begun with. */
const BEFORE = 4;

/**
 * Reads the bodies of a session page by page, in order, and keeps of each what it adds to the conversation: an agent's
 * bodies repeat everything, and ten thousand of them would not fit.
 */
export class ChatLoader {
  readonly #sessionId: string;
  readonly #listeners = new Set<() => void>();
  #abort = new AbortController();
  #fold = new ConversationFold();
  #columns: StepColumns;
  #wanted = 0;
  #state: ChatState = { first: 0, steps: [], isLoading: false, error: null };

  constructor(sessionId: string, columns: StepColumns) {
    this.#sessionId = sessionId;
    this.#columns = columns;
  }

  readonly state = (): ChatState => this.#state;

  readonly listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Steps that came since; where one came in between, what is there is read anew. */
  update(columns: StepColumns): void {
    this.#columns = columns;
    const { first, steps } = this.#state;
    const isSame = steps.every(({ requestId }, index) => columns.request_id[first + index] === requestId);
    if (!isSame) this.#begin(Math.min(first, Math.max(0, columns.request_id.length - 1)));
  }

  /** Sees to it that a step is there, and the page after it. */
  reach(step: number): void {
    const { first, steps } = this.#state;
    if (step < first || step > first + steps.length + AHEAD_MAX) this.#begin(Math.max(0, step - BEFORE));
    const wanted = Math.min(this.#columns.request_id.length, step + PAGE_STEPS);
    if (wanted <= this.#wanted) return;
    this.#wanted = wanted;
    void this.#run();
  }

  /** From the beginning of the session. */
  restart(): void {
    this.#begin(0);
    this.reach(0);
  }

  retry(): void {
    this.#set({ error: null });
    void this.#run();
  }

  /** What is on its way is given up; `reach` goes on. */
  close(): void {
    this.#abort.abort();
    this.#wanted = 0;
  }

  #begin(first: number): void {
    this.#fold = new ConversationFold();
    this.#wanted = 0;
    this.#set({ first, steps: [], error: null });
  }

  async #run(): Promise<void> {
    if (this.#state.isLoading) return;
    this.#set({ isLoading: true });
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    let error: unknown = null;
    try {
      while (this.#next() < this.#wanted) await this.#readPage(signal);
    } catch (failure) {
      if (!signal.aborted) error = failure;
    }
    this.#set({ isLoading: false, error });
    if (signal.aborted && this.#next() < this.#wanted) void this.#run();
  }

  #next(): number {
    return this.#state.first + this.#state.steps.length;
  }

  async #readPage(signal: AbortSignal): Promise<void> {
    const fold = this.#fold;
    const from = this.#next();
    const ids = this.#columns.request_id.slice(from, from + PAGE_STEPS);
    const kinds = this.#columns.step_kind.slice(from, from + PAGE_STEPS);
    const bodies = await this.#bodiesOf(ids, signal);
    // It was begun anew meanwhile.
    if (fold !== this.#fold) return;
    const read = ids.map((id, index) => chatStep(id, kinds[index]!, bodies[index]!, fold));
    this.#set({ steps: [...this.#state.steps, ...read] });
  }

  async #bodiesOf(ids: readonly string[], signal: AbortSignal): Promise<Bodies[]> {
    const body = { requestIds: [...new Set(ids)] };
    const found = await dataOf(api().POST('/v1/request/query-ids', { body, signal }));
    const byId = new Map(found.map((request) => [request.request_id, request]));
    const bodies: Bodies[] = [];
    for (const id of ids) {
      let request = byId.get(id) as Bodies | undefined;
      if (request?.session_id !== this.#sessionId) [request] = await askInSession(this.#sessionId, id, signal);
      else if (isLeftOut(request.request_body) || isLeftOut(request.response_body))
        request = await askOne(id, true, signal);
      bodies.push(request ?? { request_body: null, response_body: null });
    }
    return bodies;
  }

  #set(change: Partial<ChatState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

interface Bodies {
  readonly session_id?: string | null;
  readonly request_body: unknown;
  readonly response_body: unknown;
}

/** Too large for an answer with many. */
function isLeftOut(body: unknown): boolean {
  return / bytes: read it with /.test(textAt(body, 'helicone_message'));
}

function chatStep(requestId: string, kind: string, bodies: Bodies, fold: ConversationFold): ChatStep {
  const { request_body: request, response_body: response } = bodies;
  const asked = kind === 'llm' ? readRequest(request) : undefined;
  const answered = kind === 'llm' ? readResponse(response) : undefined;
  if (!asked && !answered) return { requestId, kind, folded: undefined, bodies: { request, response } };
  const folded = fold.add(asked?.messages ?? [], answered?.messages ?? []);
  return { requestId, kind, folded, bodies: undefined };
}
