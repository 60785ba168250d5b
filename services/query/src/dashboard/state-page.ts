interface State {
  readonly title: string;
  readonly sentence: string;
  /** Looked at again by itself. */
  readonly isPassing: boolean;
}

/** What stands in place of the dashboard while there is none. */
export const STATE_PAGE = {
  building: {
    title: 'The dashboard is being built',
    sentence: 'This takes some seconds after the first start. The page comes by itself; the API answers already.',
    isPassing: true,
  },
  failed: (problem: string) => ({
    title: 'There is no dashboard',
    sentence: `${problem}. The API works; start again once this is mended.`,
    isPassing: false,
  }),
} as const satisfies Record<string, State | ((problem: string) => State)>;

/** A page without scripts or styles. */
export function statePage({ title, sentence, isPassing }: State): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    ${isPassing ? '<meta http-equiv="refresh" content="2">' : ''}
    <title>Throughline</title>
  </head>
  <body>
    <h1>${escaped(title)}</h1>
    <p>${escaped(sentence)}</p>
  </body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
