import { useEffect, useMemo, useRef, useState } from 'react';
import { visibleText } from '../../../format/visible-text.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog, DialogActions } from '../../../ui/dialog.tsx';
import { Sentence } from '../../../ui/sentence.tsx';
import { failureSentence } from '../../../ui/states.tsx';
import type { SessionSteps } from '../steps/session-steps.ts';
import type { ReplayPlan } from './ask-plan.ts';
import { formDraft, keepFormDraft } from './form-draft.ts';
import { PlanView, RefusedSteps } from './plan-view.tsx';
import { ProviderKeys } from './provider-keys.tsx';
import styles from './replay-dialog.module.css';
import { type Problems, type ReplayForm, readReplayForm } from './replay-form.ts';
import { ReplayFormView } from './replay-form-view.tsx';
import { ReplayRefusal } from './replay-refusal.ts';
import { forgetRun, isUnderWay, type ReplayRun, useReplayRun } from './replay-runs.ts';
import { cancelReplay, startReplay } from './run-replay.ts';
import { RunView } from './run-view.tsx';
import { usePlan } from './use-plan.ts';

interface ReplayDialogProps {
  readonly sessionId: string;
  readonly steps: SessionSteps;
  /** Id of the request from which on; undefined: from the first. */
  readonly from: string | undefined;
  readonly onClose: () => void;
}

/** Sends a session once more: what is to be different, what that would be, and how it goes. */
export function ReplayDialog(props: ReplayDialogProps) {
  const run = useReplayRun(props.sessionId);
  const place = useRef<HTMLDivElement>(null);
  const isRun = run !== undefined;
  const shown = useRef(isRun);
  // The button that was pressed is gone with what it was in.
  useEffect(() => {
    if (shown.current !== isRun) place.current?.focus();
    shown.current = isRun;
  }, [isRun]);
  return (
    <Dialog title="Replay" size="wide" isOpen onClose={props.onClose}>
      <div ref={place} tabIndex={-1} className={styles.place}>
        {run ? <RunPart {...props} run={run} /> : <FormPart {...props} />}
      </div>
    </Dialog>
  );
}

function FormPart({ sessionId, steps, from, onClose }: ReplayDialogProps) {
  const [form, setForm] = useState<ReplayForm>(() => ({ ...formDraft(sessionId), fromStep: from ?? '' }));
  /** In the memory of this dialog and nowhere else: not in a URL, a store or a cache. */
  const [keys, setKeys] = useState<ReadonlyMap<string, string>>(new Map());
  const [starting, setStarting] = useState<Starting>({ is: 'not' });
  const read = useMemo(() => readReplayForm(form), [form]);
  const asked = usePlan(sessionId, read);
  const change = (part: Partial<ReplayForm>) => {
    const next = { ...form, ...part };
    setForm(next);
    keepFormDraft(sessionId, next);
    setStarting({ is: 'not' });
  };
  const giveKey = (name: string, key: string) => {
    setKeys(new Map(keys).set(name, key));
    setStarting({ is: 'not' });
  };
  const { plan, isCurrent } = asked;
  const needed = plan?.needs_keys ?? [];
  const optional = plan && optionalKey(form, plan);
  const given = new Map([...keys].filter(([name, key]) => key !== '' && (needed.includes(name) || name === optional)));
  const missing = needed.filter((name) => !given.has(name));
  const isReady = read.ok && plan !== undefined && isCurrent && plan.problems.length === 0 && missing.length === 0;
  const start = async () => {
    if (!read.ok || !isReady) return;
    setStarting({ is: 'asked' });
    try {
      await startReplay(sessionId, read.body, given);
    } catch (error) {
      setStarting({ is: 'refused', error });
    }
  };
  const refusal = starting.is === 'refused' ? starting.error : asked.error;
  const problems: Problems = read.ok ? (refusal instanceof ReplayRefusal ? refusal.fields : NONE) : read.problems;
  const isPlaced = refusal instanceof ReplayRefusal && refusal.fields.size > 0;
  return (
    <>
      <p className="quiet">
        Calls of models are sent once more, through the gateway, into a new session. This one stays as it is.
      </p>
      <div className={styles.columns}>
        <ReplayFormView form={form} steps={steps} problems={problems} onChange={change} />
        <div className={styles.side}>
          <PlanView
            sessionId={sessionId}
            asked={asked}
            error={isPlaced ? null : asked.error}
            maxCostUsd={read.ok ? read.body.maxCostUsd : undefined}
          />
          <ProviderKeys
            needed={needed}
            optional={optional}
            keys={keys}
            problem={problems.get('keys')}
            onChange={giveKey}
          />
          {starting.is === 'refused' && !isPlaced && <Refused sessionId={sessionId} error={starting.error} />}
        </div>
      </div>
      <DialogActions>
        <span className={styles.why} role="status">
          {isCurrent && missing.length > 0 && `There is no key for ${missing.join(', ')} yet.`}
        </span>
        <Button onClick={onClose}>Close</Button>
        <Button kind="primary" disabled={!isReady || starting.is === 'asked'} onClick={() => void start()}>
          Start
        </Button>
      </DialogActions>
    </>
  );
}

type Starting = { readonly is: 'not' } | { readonly is: 'asked' } | { readonly is: 'refused'; readonly error: unknown };

const NONE: Problems = new Map();

/** A host that was typed here and is no provider that is known. One that was merely recorded is offered no key. */
function optionalKey({ goesTo, targetUrl }: ReplayForm, { plan, needs_keys: needed }: ReplayPlan): string | undefined {
  const origin = goesTo === 'url' ? URL.parse(targetUrl.trim())?.origin : undefined;
  const isAsked = plan.some(({ action, provider }) => action === 'send' && provider === origin);
  return isAsked && origin !== undefined && !needed.includes(origin) ? origin : undefined;
}

function Refused({ sessionId, error }: { readonly sessionId: string; readonly error: unknown }) {
  const steps = error instanceof ReplayRefusal ? error.steps : [];
  return (
    <div role="alert">
      <p className="bad">
        It was not begun: <Sentence text={visibleText(failureSentence(error))} />
      </p>
      {steps.length > 0 && <RefusedSteps sessionId={sessionId} steps={steps} title="In the way" />}
    </div>
  );
}

function RunPart({ sessionId, run, onClose }: ReplayDialogProps & { readonly run: ReplayRun }) {
  const [cancelling, setCancelling] = useState<{ readonly error?: unknown } | undefined>();
  const id = run.progress?.state.replay_id;
  const cancel = async (replayId: string) => {
    setCancelling({});
    await cancelReplay(replayId).catch((error: unknown) => setCancelling({ error }));
  };
  const isGoingOn = isUnderWay(run);
  const isAsked = cancelling !== undefined && cancelling.error === undefined;
  return (
    <>
      <RunView run={run} />
      {cancelling?.error !== undefined && (
        <p role="alert" className="bad">
          It could not be cancelled: {failureSentence(cancelling.error)}
        </p>
      )}
      <DialogActions>
        {isGoingOn ? (
          <>
            <Button kind="danger" disabled={id === undefined || isAsked} onClick={() => id && void cancel(id)}>
              Cancel the replay
            </Button>
            <Button onClick={onClose}>Close, it goes on</Button>
          </>
        ) : (
          <>
            <Button onClick={() => forgetRun(sessionId)}>Replay again</Button>
            <Button onClick={onClose}>Close</Button>
          </>
        )}
      </DialogActions>
    </>
  );
}
