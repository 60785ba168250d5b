import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { bytes, wholeCount } from '../../format/count.ts';
import { visibleText } from '../../format/visible-text.ts';
import { usePageSearch } from '../../search/use-page-search.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Scroller } from '../../ui/scroller.tsx';
import { failureSentence } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { When } from '../../ui/when.tsx';
import {
  type LogPlace,
  placeText,
  readDeadLetter,
  readDeadLetters,
  readPlace,
  replayDeadLetter,
} from './read-system.ts';
import styles from './system.module.css';
import { useRefresh } from './use-refresh.ts';

/** Events that could not be processed: why, what they are, and another try. */
export function DeadLetters() {
  const [search, change] = usePageSearch();
  const refetchInterval = useRefresh();
  const query = useQuery({
    queryKey: ['system', 'dead-letters'],
    queryFn: ({ signal }) => readDeadLetters(signal),
    refetchInterval,
  });
  const client = useQueryClient();
  const replay = useMutation({
    mutationFn: replayDeadLetter,
    onSettled: () => client.invalidateQueries({ queryKey: ['system'] }),
  });
  const opened = readPlace(search.letter);
  return (
    <Section title="Dead letters">
      <ReplayOutcome place={replay.variables} isDone={replay.isSuccess} error={replay.error} />
      <QueryView query={query} failure="The dead letters could not be read" lines={3}>
        {(letters) =>
          letters.length === 0 ? (
            <p className={styles.quiet}>None: every event that was logged could be processed.</p>
          ) : (
            <Table
              label="Dead letters"
              rows={letters}
              keyOf={placeText}
              columns={[
                { name: 'Seen', cell: ({ seen_at: at }) => <When at={at} /> },
                { name: 'Step', cell: ({ step }) => step },
                { name: 'Reason', kind: 'name', cell: ({ reason }) => <bdi>{visibleText(reason)}</bdi> },
                { name: 'Place', kind: 'figure', cell: (letter) => <span className="mono">{placeText(letter)}</span> },
                { name: 'Size', kind: 'figure', cell: ({ size_bytes: size }) => bytes(size) },
                {
                  name: 'Actions',
                  cell: (letter) => (
                    <span className={styles.actions}>
                      <Button
                        kind="quiet"
                        aria-label={`View ${placeText(letter)}`}
                        onClick={() => change({ letter: placeText(letter) })}
                      >
                        View
                      </Button>
                      <Button
                        kind="quiet"
                        aria-label={`Try ${placeText(letter)} again`}
                        disabled={replay.isPending}
                        onClick={() => replay.mutate(letter)}
                      >
                        Try again
                      </Button>
                    </span>
                  ),
                },
              ]}
            />
          )
        }
      </QueryView>
      {opened && (
        <Letter
          place={opened}
          isBusy={replay.isPending}
          onReplay={() => replay.mutate(opened, { onSuccess: () => change({ letter: undefined }, 'replace') })}
          onClose={() => change({ letter: undefined }, 'replace')}
        />
      )}
    </Section>
  );
}

interface ReplayOutcomeProps {
  readonly place: LogPlace | undefined;
  readonly isDone: boolean;
  readonly error: unknown;
}

function ReplayOutcome({ place, isDone, error }: ReplayOutcomeProps) {
  if (place === undefined) return null;
  if (isDone) {
    return (
      <p role="status" className={styles.clean}>
        {placeText(place)} is tried again as a new event; if that fails too, a new letter shows up here.
      </p>
    );
  }
  if (!error) return null;
  return (
    <p role="alert" className={styles.lost}>
      {placeText(place)} could not be tried again: {failureSentence(error)}
    </p>
  );
}

interface LetterProps {
  readonly place: LogPlace;
  readonly isBusy: boolean;
  readonly onReplay: () => void;
  readonly onClose: () => void;
}

function Letter({ place, isBusy, onReplay, onClose }: LetterProps) {
  const query = useQuery({
    queryKey: ['system', 'dead-letter', place],
    queryFn: ({ signal }) => readDeadLetter(place, signal),
    placeholderData: undefined,
  });
  const { data } = query;
  return (
    <Dialog
      title={`Dead letter ${placeText(place)}`}
      isOpen
      onClose={onClose}
      size="wide"
      actions={
        <>
          {data && <CopyButton text={data.text} label="Copy the bytes as shown" word="Copy" />}
          <Button onClick={onClose}>Close</Button>
          <Button kind="primary" disabled={!data || isBusy} onClick={onReplay}>
            Try again
          </Button>
        </>
      }
    >
      <QueryView query={query} failure="The letter could not be read" lines={8}>
        {(letter) => (
          <div className={styles.letter}>
            <p>
              <bdi>{visibleText(letter.reason)}</bdi>
            </p>
            <p className="quiet">
              Failed at <code>{letter.step}</code>, seen <When at={letter.seen_at} />, {wholeCount(letter.size_bytes)}{' '}
              bytes.
            </p>
            <h3>The event, without bodies</h3>
            {letter.event === null ? (
              <p className="quiet">It cannot be read.</p>
            ) : (
              <Scroller label="The event" className={styles.bytes}>
                <pre>{visibleText(JSON.stringify(letter.event, null, 2))}</pre>
              </Scroller>
            )}
            <h3>{letter.is_whole ? 'Its bytes' : 'Its first bytes'}</h3>
            <Scroller label="Its bytes" className={styles.bytes}>
              <pre>{visibleText(letter.text)}</pre>
            </Scroller>
          </div>
        )}
      </QueryView>
    </Dialog>
  );
}
