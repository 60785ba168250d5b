import { isEncodedBytes } from '@throughline/conversation/aws-frames';
import { isObject, listAt, objectAt, printed, textAt } from '@throughline/conversation/json-values';
import type { Message, Part } from '@throughline/conversation/message';
import { readRequest } from '@throughline/conversation/read-request';
import { readResponse } from '@throughline/conversation/read-response';
import { readStep } from '@throughline/conversation/read-step';
import { useMemo } from 'react';
import { bytes, count } from '../../../format/count.ts';
import { visibleText } from '../../../format/visible-text.ts';
import { LongText } from '../../../ui/long-text.tsx';
import styles from './body-view.module.css';
import { JsonValue } from './json-value.tsx';
import { Fold, MessageView, type ResultPart } from './message-view.tsx';

interface BodyProps {
  readonly body: unknown;
}

/** What went to a model. */
export function RequestBody({ body }: BodyProps) {
  const reading = useMemo(() => readRequest(body), [body]);
  const lookups = useMemo(() => lookupsOf(reading?.messages ?? []), [reading]);
  if (!reading) return <UnreadBody label="Request" body={body} />;
  const { messages, tools, settings } = reading;
  const isShown = (message: Message) =>
    !message.parts.every((part) => part.kind === 'result' && lookups.isMatched(part));
  return (
    <div className={styles.messages}>
      {(tools.length > 0 || settings.length > 0) && (
        <div className={styles.offered}>
          {settings.length > 0 && (
            <Fold title={<Peek title="Settings" text={settings.map(([name]) => name).join(', ')} />}>
              <JsonValue label="Settings" value={Object.fromEntries(settings)} />
            </Fold>
          )}
          {tools.length > 0 && (
            <Fold
              title={<Peek title={`${count(tools.length)} tools`} text={tools.map(({ name }) => name).join(', ')} />}
            >
              <dl className={styles.tools}>
                {tools.map(({ name, description }, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: names may come twice
                  <div key={index}>
                    <dt className="mono">{visibleText(name)}</dt>
                    <dd className="quiet">{visibleText(description.slice(0, 400))}</dd>
                  </div>
                ))}
              </dl>
            </Fold>
          )}
        </div>
      )}
      <LongList messages={messages.filter(isShown)} lookups={lookups} />
    </div>
  );
}

/** What came back from one. */
export function ResponseBody({ body }: BodyProps) {
  const reading = useMemo(() => readResponse(body), [body]);
  if (!reading) return <UnreadBody label="Response" body={body} />;
  const { messages, error, wasStream } = reading;
  return (
    <div className={styles.messages}>
      {messages.map((message, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an answer does not change
        <MessageView key={index} message={message} />
      ))}
      {error !== '' && (
        <p className="bad">
          ✕ <bdi>{visibleText(error.slice(0, 2_000))}</bdi>
        </p>
      )}
      {wasStream && <p className="faint">Put together from a stream.</p>}
    </div>
  );
}

/** What a step that is no call to a model took and gave. */
export function StepBodies({
  kind,
  request,
  response,
}: {
  readonly kind: string;
  readonly request: unknown;
  readonly response: unknown;
}) {
  const { name, facts, input, output } = useMemo(() => readStep(kind, request, response), [kind, request, response]);
  const [inputName, outputName] =
    kind === 'vector_db' ? ['Query', 'Found'] : kind === 'tool' ? ['Input', 'Output'] : ['Request', 'Response'];
  return (
    <div className={styles.messages}>
      {(name !== '' || facts.length > 0) && (
        <dl className={styles.facts}>
          {name !== '' && (
            <div>
              <dt>{kind === 'tool' ? 'Tool' : kind === 'vector_db' ? 'Operation' : 'Name'}</dt>
              <dd className="mono">{visibleText(name)}</dd>
            </div>
          )}
          {facts.map(([fact, value]) => (
            <div key={fact}>
              <dt>{visibleText(fact)}</dt>
              <dd>
                <LongText text={value} kind="prose" />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {input !== undefined && (
        <section aria-label={inputName}>
          <h4 className={styles.name}>{inputName}</h4>
          <JsonValue label={inputName} value={input} />
        </section>
      )}
      <section aria-label={outputName}>
        <h4 className={styles.name}>{outputName}</h4>
        {kind === 'vector_db' ? <Hits output={output} /> : <UnreadBody label={outputName} body={output} />}
      </section>
    </div>
  );
}

/** Hits with a score are a list; anything else is what it is. */
function Hits({ output }: { readonly output: unknown }) {
  const list = Array.isArray(output) ? output : listAt(output, 'results', 'matches', 'hits', 'documents', 'data');
  if (list.length === 0 || !list.every(isObject)) return <UnreadBody label="Found" body={output} />;
  return (
    <ol className={styles.hits}>
      {list.map((hit, index) => {
        const score = [hit.score, hit.similarity, hit.distance].find((value) => typeof value === 'number');
        const text =
          textAt(hit, 'text', 'content', 'document', 'pageContent') ||
          textAt(objectAt(hit, 'metadata', 'payload'), 'text');
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: what was found stays in its order
          <li key={index}>
            <span className="mono">{visibleText(String(hit.id ?? ''))}</span>{' '}
            {score !== undefined && <span className="quiet">{Number(score).toPrecision(3)}</span>}
            {text === '' ? <JsonValue label={`Hit ${index + 1}`} value={hit} /> : <LongText text={text} kind="prose" />}
          </li>
        );
      })}
    </ol>
  );
}

/** A body that nobody reads here, or that is not there; says which. */
export function UnreadBody({ label, body }: { readonly label: string; readonly body: unknown }) {
  if (body === null || body === undefined || body === '') return <p className="faint">There was none.</p>;
  const message = textAt(body, 'helicone_message');
  if (message !== '') return <p className="warn">Not here: {visibleText(message)}.</p>;
  if (isEncodedBytes(body)) {
    return (
      <div>
        <p className="quiet">
          {bytes((body.base64.length * 3) / 4)} that are no text ({visibleText(body.encoding)}), as base64:
        </p>
        <LongText text={body.base64} kind="code" />
      </div>
    );
  }
  return <JsonValue label={label} value={body} />;
}

/** A body as it was sent: text, or indented JSON. */
export function rawText(body: unknown): string {
  return body === null || body === undefined ? '' : visibleText(printed(body));
}

/** Messages that are shown at once; agents send hundreds. */
const SHOWN_MAX = 12;

function LongList({ messages, lookups }: { readonly messages: readonly Message[]; readonly lookups: Lookups }) {
  const view = (message: Message, index: number) => (
    <MessageView key={index} message={message} resultOf={lookups.resultOf} toolOf={lookups.toolOf} />
  );
  const hidden = messages.length - SHOWN_MAX;
  if (hidden <= 0) return messages.map(view);
  // What the model answers to stands at the end; how it began, at the beginning.
  return (
    <>
      {messages.slice(0, 2).map(view)}
      <Fold title={`${count(hidden)} messages between`}>{messages.slice(2, hidden + 2).map(view)}</Fold>
      {messages.slice(hidden + 2).map((message, index) => view(message, hidden + 2 + index))}
    </>
  );
}

function Peek({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <>
      {title} <span className="faint truncate">{visibleText(text.slice(0, 120))}</span>
    </>
  );
}

/** Which result belongs to which call. */
export interface Lookups {
  readonly resultOf: (callId: string) => ResultPart | undefined;
  readonly toolOf: (callId: string) => string | undefined;
  /** Whether a result is shown with its call. */
  readonly isMatched: (part: Part) => boolean;
}

export function lookupsOf(messages: readonly Message[]): Lookups {
  const calls = new Map<string, string>();
  const results = new Map<string, ResultPart>();
  for (const { parts } of messages) {
    for (const part of parts) {
      if (part.kind === 'call' && part.id !== '') calls.set(part.id, part.name);
      if (part.kind === 'result' && part.id !== '' && !results.has(part.id)) results.set(part.id, part);
    }
  }
  return {
    resultOf: (id) => results.get(id),
    toolOf: (id) => calls.get(id),
    isMatched: (part) => part.kind === 'result' && calls.has(part.id) && results.get(part.id) === part,
  };
}
