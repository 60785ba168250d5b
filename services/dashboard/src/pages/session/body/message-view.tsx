import type { Message, Part } from '@throughline/conversation/message';
import { Bot, ChevronDown, ChevronRight, Settings2, User, Wrench } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { bytes } from '../../../format/count.ts';
import { safeImage, safeLink } from '../../../format/safe-address.ts';
import { visibleText } from '../../../format/visible-text.ts';
import { LongText } from '../../../ui/long-text.tsx';
import { JsonValue } from './json-value.tsx';
import styles from './message-view.module.css';

const ROLES = {
  system: { name: 'System', Icon: Settings2 },
  user: { name: 'User', Icon: User },
  assistant: { name: 'Assistant', Icon: Bot },
  tool: { name: 'Tool', Icon: Wrench },
} as const;

interface MessageViewProps {
  readonly message: Message;
  /** The result of a call, shown with it; its own message is then left out. */
  readonly resultOf?: (callId: string) => ResultPart | undefined;
  /** The name of a tool by the id of its call. */
  readonly toolOf?: (callId: string) => string | undefined;
}

export type ResultPart = Extract<Part, { kind: 'result' }>;

/** One message: who said it, and its parts. What a system says is folded: it is the same for many. */
export function MessageView({ message, resultOf, toolOf }: MessageViewProps) {
  const { name, Icon } = ROLES[message.role];
  const parts = message.parts.map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of a message do not move
    <PartView key={index} part={part} resultOf={resultOf} toolOf={toolOf} />
  ));
  return (
    <article className={styles.message} data-role={message.role} aria-label={name}>
      <header className={styles.role}>
        <Icon size={14} aria-hidden />
        {name}
        {message.name !== '' && <bdi className="faint mono">{visibleText(message.name)}</bdi>}
      </header>
      {message.role === 'system' ? (
        <Fold title={`System prompt, ${bytes(sizeOf(message.parts))}`}>{parts}</Fold>
      ) : (
        <div className={styles.parts}>{parts.length === 0 ? <p className="faint">Nothing was said.</p> : parts}</div>
      )}
    </article>
  );
}

interface PartViewProps extends Omit<MessageViewProps, 'message'> {
  readonly part: Part;
}

function PartView({ part, resultOf, toolOf }: PartViewProps) {
  switch (part.kind) {
    case 'text':
      return <LongText text={part.text} kind="markdown" />;
    case 'thinking':
      return (
        <Fold title={`Thinking, ${bytes(part.text.length)}`}>
          <LongText text={part.text} kind="markdown" />
        </Fold>
      );
    case 'refusal':
      return (
        <div>
          <span className="warn">Refused:</span> <LongText text={part.text} kind="prose" />
        </div>
      );
    case 'image':
      return <ImageView source={part.source} />;
    case 'file':
      return <p className="quiet">{visibleText(part.about)}</p>;
    case 'call':
      return <CallView call={part} result={part.id === '' ? undefined : resultOf?.(part.id)} />;
    case 'result':
      return <ResultView result={part} tool={part.name || toolOf?.(part.id) || ''} />;
    case 'other':
      return <JsonValue label="Part of the message" value={part.value} />;
  }
}

/** Characters of a name, and of what stands beside it while it is folded. */
const PEEK_CHARS = 100;

function CallView({
  call,
  result,
}: {
  readonly call: Extract<Part, { kind: 'call' }>;
  readonly result: ResultPart | undefined;
}) {
  return (
    <div className={styles.call}>
      <Fold
        title={
          <>
            <Wrench size={13} aria-hidden />
            <span>Call of</span> <code>{visibleText(call.name.slice(0, PEEK_CHARS)) || 'a tool'}</code>
            <span className="faint truncate mono">{peek(call.args)}</span>
          </>
        }
      >
        <JsonValue label="Arguments" value={call.args} />
      </Fold>
      {result && <ResultView result={result} tool={call.name} />}
    </div>
  );
}

function ResultView({ result, tool }: { readonly result: ResultPart; readonly tool: string }) {
  return (
    <div className={styles.result}>
      <Fold
        title={
          <>
            <span className={result.isError ? 'bad' : undefined}>{result.isError ? '✕ Error of' : 'Result of'}</span>{' '}
            <code>{visibleText(tool.slice(0, PEEK_CHARS)) || 'a tool'}</code>
            <span className="faint truncate mono">{peek(result.text)}</span>
          </>
        }
      >
        {result.text !== '' && <JsonValue label="Result" value={result.text} />}
        {result.images.map((source, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: images of a result do not move
          <ImageView key={index} source={source} />
        ))}
      </Fold>
    </div>
  );
}

/** Only what the message holds itself is shown; nothing is fetched from anywhere. */
function ImageView({ source }: { readonly source: string }) {
  if (safeImage(source)) return <img className={styles.image} src={source} alt="Of the message" />;
  const address = safeLink(source);
  if (address === undefined) return <p className="quiet">An image that is not shown here.</p>;
  return (
    <p>
      Image:{' '}
      <a href={address} target="_blank" rel="noopener noreferrer">
        {visibleText(address.slice(0, 2 * PEEK_CHARS))}
      </a>
    </p>
  );
}

/** A heading that opens what lies under it. */
export function Fold({
  title,
  isOpenAtFirst = false,
  children,
}: {
  readonly title: ReactNode;
  readonly isOpenAtFirst?: boolean;
  readonly children: ReactNode;
}) {
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  return (
    <div>
      <button type="button" className={styles.fold} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <Chevron size={14} aria-hidden className="faint" />
        {title}
      </button>
      {isOpen && <div className={styles.folded}>{children}</div>}
    </div>
  );
}

function peek(text: string): string {
  return visibleText(text.slice(0, PEEK_CHARS).replace(/\s+/g, ' '));
}

function sizeOf(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + ('text' in part ? part.text.length : 0), 0);
}
