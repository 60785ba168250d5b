import { Plus, X } from 'lucide-react';
import { useMemo } from 'react';
import { Button, IconButton } from '../../../ui/button.tsx';
import { Combobox } from '../../../ui/combobox.tsx';
import controls from '../../../ui/controls.module.css';
import { TextField } from '../../../ui/field.tsx';
import { Segments } from '../../../ui/segments.tsx';
import type { SessionSteps } from '../steps/session-steps.ts';
import { FormField } from './form-field.tsx';
import { asChoice, pathChoices, pathLabel } from './path-choices.ts';
import styles from './replay-dialog.module.css';
import type { ChosenPath, Problems, Replacement, ReplayForm } from './replay-form.ts';

interface ReplayFormViewProps {
  readonly form: ReplayForm;
  readonly steps: SessionSteps;
  readonly problems: Problems;
  readonly onChange: (change: Partial<ReplayForm>) => void;
}

/** What is to be different, which steps, and how often. */
export function ReplayFormView({ form, steps, problems, onChange }: ReplayFormViewProps) {
  return (
    <div className={styles.form}>
      <fieldset className={styles.group}>
        <legend>What is different</legend>
        <FormField label="Model" problem={problems.get('model')}>
          {(described) => (
            <TextField
              {...described}
              label="Model"
              placeholder="As recorded"
              value={form.model}
              onChange={(event) => onChange({ model: event.target.value })}
            />
          )}
        </FormField>
        <FormField label="Temperature" problem={problems.get('temperature')}>
          {(described) => (
            <TextField
              {...described}
              label="Temperature"
              inputMode="decimal"
              placeholder="As recorded"
              value={form.temperature}
              onChange={(event) => onChange({ temperature: event.target.value })}
            />
          )}
        </FormField>
        <Target form={form} problem={problems.get('target')} onChange={onChange} />
        <Prompt form={form} problem={problems.get('prompt')} onChange={onChange} />
        <FormField
          label="Further keys of the body"
          problem={problems.get('members')}
          note="JSON; null leaves a key out."
          isWide
        >
          {(described) => (
            <textarea
              {...described}
              className={`${controls.field} mono`}
              aria-label="Further keys of the body"
              rows={2}
              spellCheck={false}
              placeholder={'{"max_tokens": 400, "seed": null}'}
              value={form.members}
              onChange={(event) => onChange({ members: event.target.value })}
            />
          )}
        </FormField>
      </fieldset>
      <fieldset className={styles.group}>
        <legend>Which steps</legend>
        <FromStep form={form} steps={steps} problem={problems.get('fromStep')} onChange={onChange} />
        <Paths form={form} steps={steps} problem={problems.get('paths')} onChange={onChange} />
      </fieldset>
      <fieldset className={styles.group}>
        <legend>How</legend>
        <FormField label="Times" problem={problems.get('times')} note="Each is a session.">
          {(described) => (
            <TextField
              {...described}
              label="Times"
              inputMode="numeric"
              value={form.times}
              onChange={(event) => onChange({ times: event.target.value })}
            />
          )}
        </FormField>
        <FormField
          label="At most, in USD"
          problem={problems.get('maxCostUsd')}
          note="Then no further step begins; those under way end."
        >
          {(described) => (
            <TextField
              {...described}
              label="At most, in USD"
              inputMode="decimal"
              placeholder="No cap"
              value={form.maxCostUsd}
              onChange={(event) => onChange({ maxCostUsd: event.target.value })}
            />
          )}
        </FormField>
        <FormField label="Id of the new session" problem={problems.get('sessionId')} isWide>
          {(described) => (
            <TextField
              {...described}
              label="Id of the new session"
              placeholder="Made from the id of this one"
              value={form.sessionId}
              onChange={(event) => onChange({ sessionId: event.target.value })}
            />
          )}
        </FormField>
        <Check
          label="Thread the new answers"
          note="A later request that repeats an answer gets the new one, where what follows still fits it. Tools are not run: their recorded results stay, whatever the new answer asks of them."
          isOn={form.isThreaded}
          onChange={(isThreaded) => onChange({ isThreaded })}
        />
        <Check
          label="Copied steps take their time"
          note="Tools, vector DBs and data are not asked again: they are copied, as slow as they were."
          isOn={form.isPaced}
          onChange={(isPaced) => onChange({ isPaced })}
        />
        <Check
          label="Stop at the first error"
          isOn={form.stopsOnError}
          onChange={(stopsOnError) => onChange({ stopsOnError })}
        />
      </fieldset>
    </div>
  );
}

type PartProps = Pick<ReplayFormViewProps, 'form' | 'onChange'> & { readonly problem: string | undefined };

const TARGETS = [
  ['recorded', 'As recorded'],
  ['provider', 'Provider'],
  ['url', 'URL'],
] as const;

function Target({ form, problem, onChange }: PartProps) {
  const isUrl = form.goesTo === 'url';
  return (
    <FormField
      label="Sent to"
      problem={problem}
      note={isUrl ? 'An origin, which gets the recorded path, or the whole URL of an endpoint.' : undefined}
      isWide
    >
      {(described) => (
        <div className={styles.row}>
          <Segments label="Sent to" value={form.goesTo} options={TARGETS} onChange={(goesTo) => onChange({ goesTo })} />
          {form.goesTo === 'provider' && (
            <TextField
              {...described}
              label="Provider"
              placeholder="azure, groq, …"
              value={form.provider}
              onChange={(event) => onChange({ provider: event.target.value })}
            />
          )}
          {isUrl && (
            <TextField
              {...described}
              label="URL"
              inputMode="url"
              placeholder="https://…"
              value={form.targetUrl}
              onChange={(event) => onChange({ targetUrl: event.target.value })}
            />
          )}
        </div>
      )}
    </FormField>
  );
}

const PROMPTS = [
  ['recorded', 'As recorded'],
  ['system', 'System prompt'],
  ['replace', 'Replace texts'],
] as const;

function Prompt({ form, problem, onChange }: PartProps) {
  return (
    <FormField
      label="Prompt"
      problem={problem}
      note={
        form.prompt === 'replace'
          ? 'As it is written, in the system prompt and in messages, wherever it stands.'
          : undefined
      }
      isWide
    >
      {(described) => (
        <div className={styles.stack}>
          <Segments label="Prompt" value={form.prompt} options={PROMPTS} onChange={(prompt) => onChange({ prompt })} />
          {form.prompt === 'system' && (
            <textarea
              {...described}
              className={controls.field}
              aria-label="New system prompt"
              placeholder="In the place of the recorded one"
              rows={4}
              value={form.systemPrompt}
              onChange={(event) => onChange({ systemPrompt: event.target.value })}
            />
          )}
          {form.prompt === 'replace' && (
            <Replacements rows={form.replacements} onChange={(replacements) => onChange({ replacements })} />
          )}
        </div>
      )}
    </FormField>
  );
}

interface ReplacementsProps {
  readonly rows: readonly Replacement[];
  readonly onChange: (rows: readonly Replacement[]) => void;
}

function Replacements({ rows, onChange }: ReplacementsProps) {
  const set = (at: number, change: Partial<Replacement>) =>
    onChange(rows.map((row, index) => (index === at ? { ...row, ...change } : row)));
  return (
    <>
      {rows.map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: fields keep nothing of their own, and where a row is removed the focus stays at its place
        <div key={at} className={styles.row}>
          <TextField
            label={`Find, row ${at + 1}`}
            placeholder="Find"
            value={row.find}
            onChange={(event) => set(at, { find: event.target.value })}
          />
          <TextField
            label={`Replace with, row ${at + 1}`}
            placeholder="Replace with"
            value={row.replaceWith}
            onChange={(event) => set(at, { replaceWith: event.target.value })}
          />
          <IconButton
            label={`Remove row ${at + 1}`}
            icon={<X size={14} aria-hidden />}
            disabled={rows.length === 1}
            onClick={() => onChange(rows.filter((_, index) => index !== at))}
          />
        </div>
      ))}
      <div>
        <Button kind="quiet" onClick={() => onChange([...rows, { find: '', replaceWith: '' }])}>
          <Plus size={14} aria-hidden />
          Another row
        </Button>
      </div>
    </>
  );
}

type StepsProps = PartProps & Pick<ReplayFormViewProps, 'steps'>;

function FromStep({ form, steps, problem, onChange }: StepsProps) {
  const choices = useMemo(() => {
    const { path, request_id: ids } = steps.columns;
    const each = path.map((one, at) => ({ value: ids[at]!, label: `${at + 1}  ${pathLabel(one)}` }));
    return [{ value: '', label: 'The first step' }, ...each];
  }, [steps]);
  return (
    <FormField label="From" problem={problem}>
      {() => (
        <div className={styles.row}>
          <Combobox
            label="From step"
            value={form.fromStep}
            choices={choices}
            onChange={(fromStep) => onChange({ fromStep })}
            none="No step is called that."
          />
        </div>
      )}
    </FormField>
  );
}

function Paths({ form, steps, problem, onChange }: StepsProps) {
  const choices = useMemo(() => pathChoices(steps.columns.path).map((one) => [one, asChoice(one)] as const), [steps]);
  const isChosen = (one: ChosenPath) => form.paths.some(({ path, match }) => path === one.path && match === one.match);
  const left = choices.filter(([one]) => !isChosen(one));
  const add = (value: string) => {
    const found = left.find(([, choice]) => choice.value === value);
    if (found) onChange({ paths: [...form.paths, { path: found[0].path, match: found[0].match }] });
  };
  return (
    <FormField
      label="Paths"
      problem={problem}
      note={form.paths.length === 0 ? 'All of them.' : 'Only steps of one of these.'}
    >
      {() => (
        <div className={styles.row}>
          {form.paths.map((one) => {
            const name = `${pathLabel(one.path)}${one.match === 'prefix' ? ' and below' : ''}`;
            return (
              <Button
                key={`${one.match} ${one.path}`}
                aria-label={`Without ${name}`}
                onClick={() => onChange({ paths: form.paths.filter((other) => other !== one) })}
              >
                <bdi className="truncate">{name}</bdi>
                <X size={12} aria-hidden />
              </Button>
            );
          })}
          <Combobox
            label="Add a path"
            text="Add a path"
            value={undefined}
            choices={left.map(([, choice]) => choice)}
            onChange={add}
            none="No path is called that."
          />
        </div>
      )}
    </FormField>
  );
}

interface CheckProps {
  readonly label: string;
  readonly note?: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

function Check({ label, note, isOn, onChange }: CheckProps) {
  return (
    <label className={styles.check}>
      <input type="checkbox" checked={isOn} onChange={(event) => onChange(event.target.checked)} />
      <span>
        {label}
        {note && <span className={styles.note}>{note}</span>}
      </span>
    </label>
  );
}
