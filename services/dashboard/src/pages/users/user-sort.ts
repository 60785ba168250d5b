/** What a list of users can be sorted by, as the API names it. */
export const USER_SORT_KEYS = [
  'user_id',
  'cost',
  'total_requests',
  'total_errors',
  'total_sessions',
  'total_prompt_tokens',
  'total_completion_tokens',
  'active_for',
  'first_active',
  'last_active',
] as const;

export interface UserSort {
  readonly key: (typeof USER_SORT_KEYS)[number];
  readonly isDescending: boolean;
}

const DEAREST: UserSort = { key: 'cost', isDescending: true };

/** As URLs have it: `cost`, or `-cost` for the most first. The dearest first where it says nothing that can be read. */
export function readUserSort(text: string | undefined): UserSort {
  const isDescending = text?.startsWith('-') ?? false;
  const name = isDescending ? text?.slice(1) : text;
  const key = USER_SORT_KEYS.find((one) => one === name);
  return key === undefined ? DEAREST : { key, isDescending };
}

export function writeUserSort({ key, isDescending }: UserSort): string {
  return isDescending ? `-${key}` : key;
}

/** After a click on a head: the other way round, or by something else, names from a on and figures from the most on. */
export function nextUserSort(current: UserSort, key: UserSort['key']): UserSort {
  if (current.key === key) return { key, isDescending: !current.isDescending };
  return { key, isDescending: key !== 'user_id' };
}
