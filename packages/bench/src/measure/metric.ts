/**
 * A metric in Prometheus's text format: the sum over all its samples that carry these labels, whatever others they carry.
 * NaN when there is none.
 */
export function readMetric(text: string, name: string, labels: Readonly<Record<string, string>> = {}): number {
  const values = samplesOf(text, name)
    .filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
    .map(({ value }) => value);
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0);
}

/** All samples of a metric. Values of labels must not hold quotes or commas, which those of numbers and names do not. */
export function samplesOf(
  text: string,
  name: string,
): { readonly labels: Readonly<Record<string, string>>; readonly value: number }[] {
  return [...text.matchAll(new RegExp(`^${name}(?:\\{([^}]*)\\})? (\\S+)`, 'gm'))].map(([, list = '', value]) => ({
    labels: Object.fromEntries([...list.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, text]) => [label!, text!])),
    value: Number(value),
  }));
}
