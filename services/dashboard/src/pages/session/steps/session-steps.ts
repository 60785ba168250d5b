import type { StepColumns, StepsAnswer } from './ask-steps.ts';

/** Steps of a session, column by column; a step is known by its index, which is its place in time. */
export interface SessionSteps {
  readonly count: number;
  readonly columns: StepColumns;
  /** `since` of the next call; undefined: all must be asked for. */
  readonly next: string | undefined;
  readonly isTruncated: boolean;
  /** Index by request id; of two steps with one id the first. */
  readonly byId: ReadonlyMap<string, number>;
}

/**
 * What is known after another answer: it takes the place of what came before, or adds to it. Steps are the same where their
 * position in the log is.
 */
export function takeSteps(before: SessionSteps | undefined, answer: StepsAnswer): SessionSteps {
  if (!before || answer.complete) return withIds(answer, answer.count, answer.columns);
  if (answer.count === 0) return { ...before, next: answer.next ?? undefined };
  const places = new Map(before.columns.position.map((position, index) => [position, index]));
  // Each step as the array it comes from and its index there.
  const sources = before.columns.position.map((_, index) => ({ columns: before.columns, index }));
  answer.columns.position.forEach((position, index) => {
    const place = places.get(position);
    if (place === undefined) sources.push({ columns: answer.columns, index });
    else sources[place] = { columns: answer.columns, index };
  });
  sources.sort(
    (a, b) =>
      a.columns.started_at[a.index]! - b.columns.started_at[b.index]! ||
      compareTexts(a.columns.request_id[a.index]!, b.columns.request_id[b.index]!) ||
      a.columns.position[a.index]! - b.columns.position[b.index]!,
  );
  const merged = Object.fromEntries(
    Object.keys(before.columns).map((name) => [
      name,
      sources.map(({ columns, index }) => columns[name as keyof StepColumns][index]),
    ]),
  ) as unknown as StepColumns;
  return withIds(answer, sources.length, merged);
}

function withIds({ next, truncated }: StepsAnswer, count: number, columns: StepColumns): SessionSteps {
  const byId = new Map<string, number>();
  for (let index = count - 1; index >= 0; index--) byId.set(columns.request_id[index]!, index);
  return { count, columns, next: next ?? undefined, isTruncated: truncated, byId };
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
