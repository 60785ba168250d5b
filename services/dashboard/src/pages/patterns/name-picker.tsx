import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { api, dataOf } from '../../api/client.ts';
import { count } from '../../format/count.ts';
import { visibleText } from '../../format/visible-text.ts';
import { type Choice, Combobox } from '../../ui/combobox.tsx';

/** Names that are offered before one types some of another. */
const NAMES_MAX = 50;
/** No name of a session begins with it: header values have no control characters. */
const ANY = '\u0000any';

interface NamePickerProps {
  readonly label: string;
  /** Undefined: any name. */
  readonly name: string | undefined;
  readonly onChange: (name: string | undefined) => void;
}

/** A name of sessions, the one used last first, or any. */
export function NamePicker({ label, name, onChange }: NamePickerProps) {
  const [typed, setTyped] = useState('');
  const { data } = useSessionNames(useDeferredValue(typed));
  const choices: Choice[] = (data ?? []).map((one) => ({
    value: one.name,
    label: visibleText(one.name),
    note: `${count(one.session_count)} session${one.session_count === 1 ? '' : 's'}`,
  }));
  if (typed === '') choices.unshift({ value: ANY, label: 'Any name' });
  return (
    <Combobox
      label={label}
      prefix="Name"
      value={name ?? ANY}
      text={name === undefined ? 'Any name' : visibleText(name)}
      choices={choices}
      onSearch={setTyped}
      onChange={(chosen) => onChange(chosen === ANY ? undefined : chosen)}
    />
  );
}

/** Names that contain a text, the one used last first; those without a name have none. */
export function useSessionNames(contains: string) {
  return useQuery({
    queryKey: ['session-names', contains],
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      const body = { nameContains: contains, timezoneDifference: 0, limit: NAMES_MAX };
      const names = await dataOf(api().POST('/v1/session/name/query', { body, signal }));
      return names.filter(({ name }) => name !== '').sort((a, b) => Date.parse(b.last_used) - Date.parse(a.last_used));
    },
  });
}
