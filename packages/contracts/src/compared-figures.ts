/** What sessions are compared by: the name of each figure, and what it counts. Tokens are prompt and completion. */
export const COMPARED_FIGURES = {
  requests: { unit: 'count', label: 'requests' },
  errors: { unit: 'count', label: 'errors' },
  /** Over the priced requests; null where there are requests and none is priced. */
  cost: { unit: 'usd', label: 'cost' },
  tokens: { unit: 'count', label: 'tokens' },
  prompt_tokens: { unit: 'count', label: 'prompt tokens' },
  completion_tokens: { unit: 'count', label: 'completion tokens' },
  /** From the start of the first request to the end of the last. */
  duration: { unit: 'ms', label: 'duration' },
  avg_latency: { unit: 'ms', label: 'mean latency' },
  p95_latency: { unit: 'ms', label: 'p95 latency' },
} as const;

export type ComparedFigure = keyof typeof COMPARED_FIGURES;

export const COMPARED_FIGURE_NAMES = Object.keys(COMPARED_FIGURES) as ComparedFigure[];

/** The figures of one session; null: not known. */
export type ComparedTotals = Readonly<Record<ComparedFigure, number | null>>;

/** How a figure of one session differs from that of another. */
export interface FigureChange {
  /** The second less the first, in the figure's unit; null where one of them is not known. */
  readonly absolute: number | null;
  /** The second by the first: 1.1 is ten percent more. Both zero: 1. Null where one is not known, or only the first is zero. */
  readonly ratio: number | null;
}

/** What became of each figure between a first session and a second. */
export function compareTotals(a: ComparedTotals, b: ComparedTotals): Record<ComparedFigure, FigureChange> {
  const changes = COMPARED_FIGURE_NAMES.map((name) => [name, changeOf(a[name], b[name])] as const);
  return Object.fromEntries(changes) as Record<ComparedFigure, FigureChange>;
}

function changeOf(a: number | null, b: number | null): FigureChange {
  if (a === null || b === null) return { absolute: null, ratio: null };
  return { absolute: rounded(b - a), ratio: a === 0 ? (b === 0 ? 1 : null) : b / a };
}

/** Costs are exact to 1e-12 USD: what doubles add behind that is noise. */
function rounded(difference: number): number {
  return Number(difference.toFixed(12));
}
