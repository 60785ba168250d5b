import { type Asked, boundsOf, choicesOf, withBounds, withChoices } from '../../search/filter/filter-choices.ts';
import { DEFAULT_SORT, type Picture, type Sort } from './list-picture.ts';

const SESSION = 'sessions_request_response_rmt';
const ERRORS: Asked = { table: SESSION, column: 'session_error_count', key: null };
const LIVE: Asked = { table: SESSION, column: 'session_live', key: null };
const DEAREST: Sort = { field: 'total_cost', direction: 'desc' };

export interface QuickView {
  readonly label: string;
  readonly about: string;
  readonly isOn: (picture: Picture) => boolean;
  /** What changes when it is chosen, or chosen again. */
  readonly toggled: (picture: Picture) => Partial<Picture>;
}

/** What people look for most, one key away. */
export const QUICK_VIEWS: readonly QuickView[] = [
  {
    label: 'Failing, dearest first',
    about: 'Sessions with an error, by cost; each opens at its first error',
    isOn: (picture) => isFailing(picture) && isSorted(picture, DEAREST),
    toggled: (picture) =>
      isFailing(picture) && isSorted(picture, DEAREST)
        ? { ...withFailing(picture, false), sort: DEFAULT_SORT }
        : { ...withFailing(picture, true), sort: DEAREST },
  },
  {
    label: 'Failing only',
    about: 'Sessions with an error',
    isOn: isFailing,
    toggled: (picture) => withFailing(picture, !isFailing(picture)),
  },
  {
    label: 'Running now',
    about: 'Sessions with a request in the last 5 minutes',
    isOn: isLive,
    toggled: (picture) => ({ filter: withChoices(picture.filter, LIVE, isLive(picture) ? [] : [true]) }),
  },
];

function isFailing({ filter }: Picture): boolean {
  return (boundsOf(filter, ERRORS).min ?? 0) >= 1;
}

function withFailing({ filter }: Picture, isOn: boolean): Pick<Picture, 'filter'> {
  const { max } = boundsOf(filter, ERRORS);
  return { filter: withBounds(filter, ERRORS, { ...(isOn && { min: 1 }), max }) };
}

function isLive({ filter }: Picture): boolean {
  return choicesOf(filter, LIVE).includes(true);
}

function isSorted({ sort }: Picture, { field, direction }: Sort): boolean {
  return sort.field === field && sort.direction === direction;
}
