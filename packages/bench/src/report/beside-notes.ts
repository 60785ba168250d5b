import { medianWithSpread } from './format.ts';

interface Besides {
  readonly beside?: { readonly title: string };
}

type Samples = Readonly<Record<string, readonly { readonly besideUs: number }[]>>;

/** For each contestant with a server beside it: the CPU of that server, named, apart from its own. @param samples by what they were taken at. */
export function besideNotes(
  running: Readonly<Record<string, Besides>>,
  samples: Readonly<Record<string, Samples>>,
): string[] {
  return Object.entries(running).flatMap(([name, { beside }]) => {
    const measured = Object.entries(samples).flatMap(([at, by]) => {
      const own = by[name];
      return own ? [`${medianWithSpread(own.map(({ besideUs }) => besideUs))} (${at})`] : [];
    });
    return beside && measured.length > 0
      ? [`${beside.title}’s own CPU, on the other core, µs: ${measured.join(', ')}`]
      : [];
  });
}
