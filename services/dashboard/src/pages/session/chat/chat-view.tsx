import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { mayReadBodies, useUsedKey } from '../../../api/used-key.ts';
import { count } from '../../../format/count.ts';
import { duration } from '../../../format/duration.ts';
import { money } from '../../../format/money.ts';
import { visibleText } from '../../../format/visible-text.ts';
import { useShortcut } from '../../../shell/shortcuts.ts';
import { Button } from '../../../ui/button.tsx';
import { Failure, Skeleton } from '../../../ui/states.tsx';
import { type Lookups, lookupsOf, StepBodies, UnreadBody } from '../body/body-view.tsx';
import { MAY_NOT_READ_BODIES } from '../body/may-not-read-bodies.ts';
import { Fold, MessageView } from '../body/message-view.tsx';
import { FoundMark } from '../found/found-mark.tsx';
import type { ViewProps } from '../session-choice.ts';
import type { StepColumns } from '../steps/ask-steps.ts';
import { PathDot } from '../steps/path-dot.tsx';
import { plainPath } from '../steps/path-segments.ts';
import { StepIcon } from '../steps/step-icon.tsx';
import { StepStatus } from '../steps/step-status.tsx';
import styles from './chat.module.css';
import { allMessages, type ChatItem, chatItems } from './chat-items.ts';
import { ChatLoader, type ChatState } from './chat-loader.ts';

/** The session as one conversation: what each step adds to it, and which step that was. */
export function ChatView({ sessionId, steps, selected, found, onSelect, onChoose }: ViewProps) {
  const { columns } = steps;
  const mayRead = mayReadBodies(useUsedKey().data);
  const [loader, state] = useChat(sessionId, columns, selected);
  const lookups = useMemo(() => lookupsOf(allMessages(state)), [state]);
  const items = useMemo(() => chatItems(state, lookups.isMatched), [state, lookups]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => items[index]!.key,
    estimateSize: (index) => (items[index]!.kind === 'step' ? 36 : 120),
    overscan: 6,
  });
  const shown = virtual.getVirtualItems();

  const isThere = selected >= state.first && selected < state.first + state.steps.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: when another step is selected, or has come; not with each page
  useEffect(() => {
    if (!isThere) return;
    const index = items.findIndex((item) => item.step === selected);
    if (index !== -1) virtual.scrollToIndex(index, { align: 'start' });
  }, [selected, isThere]);

  const last = shown.at(-1)?.index ?? -1;
  useEffect(() => {
    const step = items[last]?.step;
    if (step !== undefined && items.length - last < 20) loader.reach(step + 1);
  }, [last, items, loader]);

  const go = (by: 1 | -1) => {
    const from = selected === -1 ? (items[shown[0]?.index ?? 0]?.step ?? 0) - by : selected;
    if (from + by >= 0 && from + by < steps.count) onSelect(from + by);
  };
  useShortcut('next', () => go(1));
  useShortcut('previous', () => go(-1));
  useShortcut(
    'raw',
    () => onChoose({ request: columns.request_id[items[shown[0]?.index ?? 0]?.step ?? 0], raw: '1' }),
    selected === -1,
  );

  return (
    <section ref={scroller} className={styles.chat} aria-label="Conversation" tabIndex={-1}>
      {state.first > 0 && (
        <div className={styles.note}>
          <span className="quiet">Begun with at request {count(state.first + 1)}, so that it is here at once.</span>
          <Button kind="quiet" onClick={() => loader.restart()}>
            From the beginning
          </Button>
        </div>
      )}
      <div className={styles.items} style={{ height: virtual.getTotalSize() }}>
        {shown.map(({ index, start }) => {
          const item = items[index]!;
          return (
            <div
              key={item.key}
              ref={virtual.measureElement}
              data-index={index}
              className={styles.item}
              data-selected={item.step === selected || undefined}
              style={{ transform: `translateY(${start}px)` }}
            >
              <Item
                item={item}
                columns={columns}
                lookups={lookups}
                isSelected={item.step === selected}
                isFound={found.has(item.step)}
                mayRead={mayRead}
                onSelect={onSelect}
              />
            </div>
          );
        })}
      </div>
      {state.isLoading && <Skeleton lines={4} />}
      {state.error !== null && (
        <Failure what="The conversation could not be read on" error={state.error} onRetry={() => loader.retry()} />
      )}
    </section>
  );
}

function useChat(sessionId: string, columns: StepColumns, selected: number): [ChatLoader, ChatState] {
  // biome-ignore lint/correctness/useExhaustiveDependencies: columns that come later are given to the one that is there
  const loader = useMemo(() => new ChatLoader(sessionId, columns), [sessionId]);
  const state = useSyncExternalStore(loader.listen, loader.state);
  useEffect(() => () => loader.close(), [loader]);
  useEffect(() => {
    loader.update(columns);
    loader.reach(Math.max(0, selected));
  }, [loader, columns, selected]);
  return [loader, state];
}

interface ItemProps {
  readonly item: ChatItem;
  readonly columns: StepColumns;
  readonly lookups: Lookups;
  readonly isSelected: boolean;
  readonly isFound: boolean;
  readonly mayRead: boolean;
  readonly onSelect: (step: number | undefined) => void;
}

function Item({ item, columns, lookups, isSelected, isFound, mayRead, onSelect }: ItemProps) {
  switch (item.kind) {
    case 'step':
      return <StepMark {...item} columns={columns} isSelected={isSelected} isFound={isFound} onSelect={onSelect} />;
    case 'message':
      return <MessageView message={item.message} resultOf={lookups.resultOf} toolOf={lookups.toolOf} />;
    case 'before':
      return (
        <Fold title={`${count(item.messages.length)} messages that were said before`}>
          {item.messages.map((message, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: what was said stays in its order
            <MessageView key={index} message={message} resultOf={lookups.resultOf} toolOf={lookups.toolOf} />
          ))}
        </Fold>
      );
    case 'bodies': {
      if (!mayRead) return <p className="quiet">{MAY_NOT_READ_BODIES}</p>;
      const { kind, bodies } = item.chatStep;
      if (kind !== 'llm') return <StepBodies kind={kind} request={bodies?.request} response={bodies?.response} />;
      return (
        <>
          <UnreadBody label="Request" body={bodies?.request} />
          <UnreadBody label="Response" body={bodies?.response} />
        </>
      );
    }
  }
}

interface StepMarkProps extends Pick<ItemProps, 'columns' | 'isSelected' | 'isFound' | 'onSelect'> {
  readonly step: number;
  readonly repeated: number;
}

function StepMark({ step, repeated, columns, isSelected, isFound, onSelect }: StepMarkProps) {
  const path = plainPath(columns.path[step]!);
  return (
    <button
      type="button"
      className={styles.step}
      aria-pressed={isSelected}
      onClick={() => onSelect(isSelected ? undefined : step)}
    >
      <span className="faint number">
        <span className="spoken">Request </span>
        {step + 1}
      </span>
      <StepIcon kind={columns.step_kind[step]!} />
      {isFound && <FoundMark />}
      <PathDot path={path} />
      <bdi className={`truncate ${styles.path}`} title={visibleText(path)}>
        {visibleText(path)}
      </bdi>
      <span className={`quiet ${styles.figures}`}>
        {columns.step_kind[step] === 'llm' && `${visibleText(columns.model[step]!)}, `}
        {duration(columns.latency_ms[step])}, {money(columns.cost[step])}
        {repeated > 0 && <span className="faint">, {count(repeated)} said before</span>}
      </span>
      <StepStatus columns={columns} step={step} />
      {columns.is_error[step] && (
        <bdi className={`bad truncate ${styles.error}`}>{visibleText(columns.error_message[step]!)}</bdi>
      )}
    </button>
  );
}
