import type { Schemas } from '../../api/client.ts';
import { count, percent } from '../../format/count.ts';
import { money } from '../../format/money.ts';
import { parseRange, rangeBounds } from '../../search/range.ts';
import { Stat, Stats } from '../../ui/stat.tsx';
import { When } from '../../ui/when.tsx';

const DAY_MS = 86_400_000;

/** Key figures of a user in a range. */
export function UserFigures({ user, range }: { readonly user: Schemas['User']; readonly range: string }) {
  const { fromMs, toMs } = rangeBounds(parseRange(range), Date.now());
  const days = Math.max(1, Math.round((toMs - fromMs) / DAY_MS));
  const { total_requests: requests, total_errors: errors } = user;
  return (
    <Stats>
      <Stat label="Sessions">{count(user.total_sessions)}</Stat>
      <Stat label="Requests" note={`${count(user.average_requests_per_day_active)} per active day`}>
        {count(requests)}
      </Stat>
      <Stat label="Cost" note={`${money(requests === 0 ? null : user.cost / requests)} per request`}>
        {money(user.cost)}
      </Stat>
      <Stat label="Errors" note={`${percent(requests === 0 ? null : 1 - errors / requests)} succeeded`}>
        <span className={errors > 0 ? 'bad' : ''}>{count(errors)}</span>
      </Stat>
      <Stat label="Tokens in" note={`${count(Math.round(user.average_tokens_per_request))} in all per request`}>
        {count(user.total_prompt_tokens)}
      </Stat>
      <Stat label="Tokens out">{count(user.total_completion_tokens)}</Stat>
      <Stat label="Active days" note={`of ${count(days)}`}>
        {count(user.active_for)}
      </Stat>
      <Stat label="First request">
        <When at={user.first_active} />
      </Stat>
      <Stat label="Last request">
        <When at={user.last_active} />
      </Stat>
    </Stats>
  );
}
