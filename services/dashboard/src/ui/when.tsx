import { ago, exactInstant } from '../format/instant.ts';
import { Hint } from './hint.tsx';
import { useNow } from './use-now.ts';

/** A time as people say it, with the exact instant on hover. @param at epoch ms, or ISO 8601. */
export function When({ at }: { readonly at: number | string }) {
  const now = useNow();
  const ms = typeof at === 'number' ? at : Date.parse(at);
  if (Number.isNaN(ms)) return <>unknown</>;
  return (
    <Hint text={exactInstant(ms)}>
      <time dateTime={new Date(ms).toISOString()}>{ago(ms, now)}</time>
    </Hint>
  );
}
