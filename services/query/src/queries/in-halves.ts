import { AnalyticsError } from '@throughline/analytics/analytics-store';

/**
 * What is read of some, as it is taken: of all of them together, or of each half by itself where that is more than a query may
 * answer, and so on. Nothing of none.
 *
 * @throws what `read` throws, for one alone also that it is too large.
 */
export async function* inHalves<T, Found>(
  items: readonly T[],
  read: (items: readonly T[]) => Promise<Found>,
): AsyncGenerator<{ readonly items: readonly T[]; readonly found: Found }, void, undefined> {
  if (items.length === 0) return;
  let whole: { readonly items: readonly T[]; readonly found: Found } | undefined;
  try {
    whole = { items, found: await read(items) };
  } catch (error) {
    if (!(error instanceof AnalyticsError && error.code === 'too-large') || items.length === 1) throw error;
  }
  if (whole) {
    yield whole;
    return;
  }
  const half = Math.ceil(items.length / 2);
  yield* inHalves(items.slice(0, half), read);
  yield* inHalves(items.slice(half), read);
}
