/** One server-sent event of the API, its data parsed. */
export interface ServerEvent {
  readonly name: string;
  readonly data: unknown;
}

/** Events of an answer of the API, as they come; comments are passed over. */
export async function* readServerEvents(answer: Response): AsyncGenerator<ServerEvent, void, undefined> {
  if (!answer.body) return;
  let rest = '';
  for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
    rest += part;
    for (let end = rest.indexOf('\n\n'); end !== -1; end = rest.indexOf('\n\n')) {
      const [, name, data] = /^event: (.*)\ndata: (.*)$/.exec(rest.slice(0, end)) ?? [];
      rest = rest.slice(end + 2);
      if (name !== undefined) yield { name, data: JSON.parse(data!) as unknown };
    }
  }
}
