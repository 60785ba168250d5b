import type { PreparedCall } from './chat-calls.ts';
import { exportCall, SPANS_PER_EXPORT, text } from './logged-calls.ts';
import { type PlannedRun, type PlannedSession, RUN_MS, SPANS_PER_RUN } from './planned-sessions.ts';

/** An export of whole sessions. */
export interface SessionExport {
  readonly sessions: readonly PlannedSession[];
  readonly spans: number;
  readonly call: PreparedCall;
}

/** Sessions as exports of at most 512 spans by OTLP (protobuf), none of them in two, their spans by OpenInference. */
export function sessionExports(sessions: readonly PlannedSession[]): SessionExport[] {
  const groups: PlannedSession[][] = [];
  let room = 0;
  for (const session of sessions) {
    if (session.spans > room) {
      groups.push([]);
      room = SPANS_PER_EXPORT;
    }
    groups.at(-1)!.push(session);
    room -= session.spans;
  }
  return groups.map((group) => {
    const spans = group.flatMap((session) => session.runs.flatMap((run, number) => runSpans(session, run, number)));
    return { sessions: group, spans: spans.length, call: exportCall('protobuf', spans) };
  });
}

/** The run of an agent, and in it a call to a model and then a tool. */
function runSpans(session: PlannedSession, run: PlannedRun, number: number): object[] {
  const { number: at, id, user, model, hasFailed } = session;
  const traceId = bytes(at + 1, 8) + bytes(number + 1, 8);
  const spanId = (step: number) => bytes(at + 1, 4) + bytes(number * SPANS_PER_RUN + step + 1, 4);
  const span = (step: number, name: string, [fromMs, untilMs]: readonly [number, number], more: readonly object[]) => ({
    traceId: Buffer.from(traceId, 'hex'),
    spanId: Buffer.from(spanId(step), 'hex'),
    ...(step > 0 && { parentSpanId: Buffer.from(spanId(0), 'hex') }),
    name,
    kind: 1,
    startTimeUnixNano: `${run.startMs + fromMs}000000`,
    endTimeUnixNano: `${run.startMs + untilMs}000000`,
    status: { code: step === 2 && number === 0 && hasFailed ? ERROR : OK },
    attributes: [text('session.id', id), text('user.id', user), ...more],
  });
  const { question, answer, promptTokens, completionTokens } = run;
  return [
    span(0, 'agent', [0, RUN_MS], [text(KIND, 'AGENT'), text('input.value', question), text('output.value', answer)]),
    span(
      1,
      `chat ${model}`,
      [100, 5_000],
      [
        text(KIND, 'LLM'),
        text('llm.provider', 'openai'),
        text('llm.model_name', model),
        count('llm.token_count.prompt', promptTokens),
        count('llm.token_count.completion', completionTokens),
        count('llm.token_count.total', promptTokens + completionTokens),
        text('llm.input_messages.0.message.role', 'user'),
        text('llm.input_messages.0.message.content', question),
        text('llm.output_messages.0.message.role', 'assistant'),
        text('llm.output_messages.0.message.content', answer),
      ],
    ),
    span(
      2,
      'search',
      [5_100, 8_900],
      [text(KIND, 'TOOL'), text('tool.name', 'search'), text('input.value', question), text('output.value', answer)],
    ),
  ];
}

const KIND = 'openinference.span.kind';
/** Statuses of OpenTelemetry. */
const OK = 1;
const ERROR = 2;

function bytes(number: number, length: number): string {
  return number.toString(16).padStart(2 * length, '0');
}

function count(key: string, value: number): object {
  return { key, value: { intValue: String(value) } };
}
