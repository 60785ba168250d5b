/**
 * Measures every contestant `rounds` times, in turns (A B C A B C …), so that whatever else the machine does hits all
 * of them alike. One unrecorded turn comes first: code gets compiled, connections and caches are made.
 *
 * @returns one sample per round, in order, by contestant.
 */
export async function interleave<Measures extends Readonly<Record<string, (round: number) => Promise<unknown>>>>(
  rounds: number,
  contestants: Measures,
  options: { warmUp?: boolean } = {},
): Promise<{ [Name in keyof Measures]: Awaited<ReturnType<Measures[Name]>>[] }> {
  const samples: Record<string, unknown[]> = {};
  for (const name in contestants) samples[name] = [];
  for (let round = options.warmUp === false ? 0 : -1; round < rounds; round++) {
    for (const name in contestants) {
      const sample = await contestants[name]!(round);
      if (round >= 0) samples[name]!.push(sample);
    }
  }
  return samples as { [Name in keyof Measures]: Awaited<ReturnType<Measures[Name]>>[] };
}
