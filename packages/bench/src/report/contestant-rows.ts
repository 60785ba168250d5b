interface Titled {
  readonly name: string;
  readonly title: string;
  readonly absent?: string;
}

/** A row for each contestant, by what was measured of it; one that was not measured is named as absent, and why. */
export function contestantRows<Sample>(
  contestants: readonly Titled[],
  samples: Readonly<Record<string, readonly Sample[]>>,
  cells: (name: string, own: readonly Sample[]) => readonly string[],
): string[][] {
  return contestants.map(({ name, title, absent }) => {
    const own = samples[name];
    return own ? [title, ...cells(name, own)] : [title, absent === undefined ? 'absent' : `absent: ${absent}`];
  });
}
