import type {
  ReplayPlan,
  ReplayPlannedStep,
  ReplayState,
  ReplayStepEvent,
} from '@throughline/contracts/api/session-replay';
import { terminalLine } from './terminal-text.ts';

/** What a replay would do, for people: its steps and what they would cost. */
export function describePlan(plan: ReplayPlan): string {
  const lines = plan.plan.map((step) => {
    const why = step.reason === null ? '' : `  ${terminalLine(step.reason)}`;
    const to = step.action === 'send' ? `  ${terminalLine(step.model)} at ${terminalLine(placeOf(step))}` : '';
    const cost = step.action === 'send' ? `  ${money(step.estimated_cost)}` : '';
    return `${String(step.index).padStart(4)}  ${step.action.padEnd(9)}  ${terminalLine(step.path)}${to}${cost}${why}`;
  });
  for (const { path, reason } of plan.problems) lines.push(`cannot be replayed: ${terminalLine(path)}: ${reason}`);
  if (plan.needs_keys.length > 0) lines.push(`keys are needed for ${plan.needs_keys.map(terminalLine).join(', ')}`);
  lines.push(
    `${counted(plan.sends, 'call')}, ${counted(plan.copies, 'copy', 'copies')}${leftOut(plan)}, ${planCost(plan)}`,
  );
  return `${lines.join('\n')}\n`;
}

/** A provider, and the host where that is not evident from its name. */
function placeOf({ provider, target }: ReplayPlannedStep): string {
  return target === '' || target === provider ? provider : `${provider} (${target})`;
}

function leftOut({ left_out: all, blocked }: ReplayPlan): string {
  if (all === 0) return '';
  const why = blocked === 0 ? '' : ` (${blocked} that moderation or a rate limit had kept from the provider)`;
  return `, ${all} left out${why}`;
}

function planCost({ estimated_cost: cost, unpriced_steps: unpriced }: ReplayPlan): string {
  if (cost === null) return 'what they cost is not known';
  return `about ${money(cost)}${unpriced > 0 ? `, beside ${counted(unpriced, 'step')} whose cost is not known` : ''}`;
}

function counted(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}

/** A step that has ended. @param done how many have. @param steps how many there are. */
export function describeReplayStep(step: ReplayStepEvent, done: number, steps: number): string {
  const parts = [
    `${String(done).padStart(String(steps).length)}/${steps}`,
    terminalLine(step.path),
    step.action === 'copy' ? 'copied' : String(step.status),
    `${step.latency_ms} ms`,
    ...(step.action === 'copy' ? [] : [money(step.cost)]),
    ...(step.error === null ? [] : [terminalLine(step.error)]),
  ];
  return `${parts.join('  ')}\n`;
}

/** How a replay ended. */
export function describeReplayEnd(state: ReplayState): string {
  const why = state.reason === null ? '' : `: ${terminalLine(state.reason)}`;
  const unknown = state.unpriced > 0 ? `, beside ${state.unpriced} whose cost is not known` : '';
  const threaded =
    state.threaded + state.kept > 0
      ? `${state.threaded} recorded answers replaced by new ones, ${state.kept} kept\n`
      : '';
  return `${state.status}${why}: ${state.done} of ${state.steps} steps, ${state.errors} failed, ${money(state.cost)}${unknown}\n${threaded}${state.session_ids.map((id) => `session ${terminalLine(id)}\n`).join('')}`;
}

function money(usd: number | null): string {
  return usd === null ? 'cost unknown' : `$${usd.toFixed(6)}`;
}
