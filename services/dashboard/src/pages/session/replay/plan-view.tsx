import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { wholeCount } from '../../../format/count.ts';
import { money } from '../../../format/money.ts';
import { visibleText } from '../../../format/visible-text.ts';
import { Button } from '../../../ui/button.tsx';
import { Scroller } from '../../../ui/scroller.tsx';
import { Sentence } from '../../../ui/sentence.tsx';
import { failureSentence } from '../../../ui/states.tsx';
import type { ReplayPlan } from './ask-plan.ts';
import { pathLabel } from './path-choices.ts';
import styles from './replay-dialog.module.css';
import { type RefusedStep, ReplayRefusal } from './replay-refusal.ts';
import type { AskedPlan } from './use-plan.ts';

/** Rows that are drawn of a list. */
const ROWS_MAX = 100;

interface PlanViewProps {
  readonly sessionId: string;
  readonly asked: AskedPlan;
  /** Why there is none, where no field says it; null: nothing, or a field does. */
  readonly error: unknown;
  /** USD; undefined: none. */
  readonly maxCostUsd: number | undefined;
}

/** What would be done, and what stands in its way. */
export function PlanView({ sessionId, asked, error, maxCostUsd }: PlanViewProps) {
  const { plan, isCurrent, retry } = asked;
  return (
    <section className={styles.plan} aria-label="Plan" aria-busy={asked.isAsking}>
      <h3>Plan</h3>
      {plan ? (
        <PlanFigures plan={plan} isOld={!isCurrent} maxCostUsd={maxCostUsd} />
      ) : (
        <p className="quiet">{asked.isAsking ? 'Being asked for…' : 'None yet.'}</p>
      )}
      {error !== null && (
        <div role="alert">
          <p className="bad">
            <Sentence text={visibleText(failureSentence(error))} />
          </p>
          {!(error instanceof ReplayRefusal) && <Button onClick={retry}>Retry</Button>}
        </div>
      )}
      {plan && isCurrent && plan.problems.length > 0 && (
        <RefusedSteps sessionId={sessionId} steps={plan.problems} title="In the way" />
      )}
      {plan && <PlannedSteps plan={plan} />}
    </section>
  );
}

interface PlanFiguresProps {
  readonly plan: ReplayPlan;
  readonly isOld: boolean;
  readonly maxCostUsd: number | undefined;
}

function PlanFigures({ plan, isOld, maxCostUsd }: PlanFiguresProps) {
  const { session_ids: ids, estimated_cost: cost, unpriced_steps: unpriced } = plan;
  const times = ids.length === 1 ? '' : `, over ${ids.length} sessions`;
  return (
    <>
      <dl className={styles.figures} data-old={isOld}>
        <Figure name="Sent">
          {wholeCount(plan.sends)} {plan.sends === 1 ? 'step' : 'steps'}
          {times}
        </Figure>
        <Figure name="Copied">{wholeCount(plan.copies)}</Figure>
        <Figure name="Left out">{wholeCount(plan.left_out)}</Figure>
        <Figure name="Estimated cost">{cost === null ? 'unknown' : money(cost)}</Figure>
      </dl>
      {plan.blocked > 0 && (
        <p className="quiet">
          {wholeCount(plan.blocked)} {plan.blocked === 1 ? 'call' : 'calls'} that moderation or a rate limit had kept
          from the provider {plan.blocked === 1 ? 'is' : 'are'} left out.
        </p>
      )}
      {unpriced > 0 && cost !== null && (
        <p className="warn">
          Without {wholeCount(unpriced)} {unpriced === 1 ? 'step whose' : 'steps whose'} cost cannot be told.
        </p>
      )}
      {maxCostUsd !== undefined && cost !== null && cost > maxCostUsd && (
        <p className="warn">That is more than it may cost: it would stop on the way.</p>
      )}
    </>
  );
}

function Figure({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface RefusedStepsProps {
  readonly sessionId: string;
  readonly steps: readonly RefusedStep[];
  readonly title: string;
}

/** Each leads to its request. */
export function RefusedSteps({ sessionId, steps, title }: RefusedStepsProps) {
  return (
    <div role="alert">
      <h4 className="bad">
        {title}: {wholeCount(steps.length)} {steps.length === 1 ? 'step' : 'steps'}
      </h4>
      <ul className={styles.problems}>
        {steps.slice(0, ROWS_MAX).map(({ request_id: request, path, reason }) => (
          <li key={request}>
            <Link to="/sessions/$sessionId" params={{ sessionId }} search={{ request }}>
              <bdi>{pathLabel(path)}</bdi>
            </Link>
            : {visibleText(reason)}
          </li>
        ))}
      </ul>
      {steps.length > ROWS_MAX && <p className="quiet">and {wholeCount(steps.length - ROWS_MAX)} more</p>}
    </div>
  );
}

const ACTIONS = { send: 'sent', copy: 'copied', 'leave-out': 'left out', cannot: 'cannot be done' } as const;

function PlannedSteps({ plan: { plan } }: { readonly plan: ReplayPlan }) {
  return (
    <details className={styles.steps}>
      <summary>Step by step</summary>
      <Scroller label="Steps of the plan" className={styles.scroll}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Step</th>
              <th scope="col">Is</th>
              <th scope="col" className="number">
                Cost
              </th>
            </tr>
          </thead>
          <tbody>
            {plan.slice(0, ROWS_MAX).map((step) => (
              <tr key={step.index}>
                <td>
                  {step.index} <bdi>{pathLabel(step.path)}</bdi>
                  {step.action === 'send' && <span className={styles.note}>{visibleText(step.model)}</span>}
                  {step.action === 'send' && step.target !== '' && (
                    <span className={styles.note}>{visibleText(step.target)}</span>
                  )}
                  {step.reason !== null && <span className={styles.note}>{visibleText(step.reason)}</span>}
                </td>
                <td>{ACTIONS[step.action]}</td>
                <td className="number">{step.action === 'send' ? money(step.estimated_cost) : ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {plan.length > ROWS_MAX && <p className="quiet">and {wholeCount(plan.length - ROWS_MAX)} more</p>}
      </Scroller>
    </details>
  );
}
