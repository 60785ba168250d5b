import { ChevronDown } from 'lucide-react';
import { api, dataOf } from '../../api/client.ts';
import { visibleText } from '../../format/visible-text.ts';
import { periodBounds } from '../../search/period.ts';
import { Button } from '../../ui/button.tsx';
import { Menu, MenuGroup, MenuItem } from '../../ui/menu.tsx';
import type { GroupSpec } from './group-spec.ts';
import { usePropertyKeys } from './property-picker.tsx';

interface Specs {
  readonly a: GroupSpec;
  readonly b: GroupSpec;
}

/** Properties that are offered by name. */
const KEYS_MAX = 8;

/** The comparisons that are asked for most, each a choice away. What A has chosen beside them stays. */
export function Presets({
  specs: { a },
  onChoose,
}: {
  readonly specs: Specs;
  readonly onChoose: (specs: Specs) => void;
}) {
  const keys = usePropertyKeys();
  const period = a.period?.startsWith('before-') ? a.period.slice('before-'.length) : a.period;
  const periods = (last: string) => onChoose({ a: { ...a, period: last }, b: { ...a, period: `before-${last}` } });
  const values = async (key: string) => {
    const others = a.properties.filter(([other]) => other !== key);
    const [one = '', other = ''] = await topValues(key, period);
    const withValue = (value: string): GroupSpec => ({ ...a, period, properties: [...others, [key, value]] });
    onChoose({ a: withValue(one), b: withValue(other) });
  };
  return (
    <Menu
      trigger={
        <Button>
          Presets
          <ChevronDown size={14} aria-hidden />
        </Button>
      }
    >
      <MenuGroup label="Times">
        <MenuItem onClick={() => periods('24h')}>Last 24 hours and the 24 before</MenuItem>
        <MenuItem onClick={() => periods('7d')}>Last 7 days and the 7 before</MenuItem>
        <MenuItem onClick={() => periods('30d')}>Last 30 days and the 30 before</MenuItem>
      </MenuGroup>
      <MenuGroup label="Outcome">
        <MenuItem
          onClick={() =>
            onChoose({ a: { ...a, period, outcome: 'failing' }, b: { ...a, period, outcome: 'succeeding' } })
          }
        >
          Failing and the rest
        </MenuItem>
      </MenuGroup>
      {keys.data && keys.data.length > 0 && (
        <MenuGroup label="Two values of a property">
          {keys.data.slice(0, KEYS_MAX).map((key) => (
            <MenuItem key={key} onClick={() => void values(key)}>
              <bdi>{visibleText(key)}</bdi>
            </MenuItem>
          ))}
        </MenuGroup>
      )}
    </Menu>
  );
}

/** The two values that most requests have; fewer where there are not two, or where they cannot be read. */
async function topValues(propertyKey: string, period: string | undefined): Promise<string[]> {
  const { fromMs, toMs } = periodBounds(period, Date.now());
  const timeFilter = { start: new Date(fromMs).toISOString(), end: new Date(toMs).toISOString() };
  const params = { path: { propertyKey } };
  try {
    const top = await dataOf(
      api().POST('/v1/property/{propertyKey}/top-requests/query', { params, body: { timeFilter } }),
    );
    return top.slice(0, 2).map(({ value }) => value);
  } catch {
    // The editors of both groups then ask for the values.
    return [];
  }
}
