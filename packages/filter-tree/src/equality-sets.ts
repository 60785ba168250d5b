import { COLUMN_SQL } from './column-sql.ts';
import type { Branch, Filter, Leaf } from './filter.ts';

/** Conditions on one text joined into one: equal to some of the values, or different from all of them. */
export interface EqualitySet {
  readonly kind: 'set';
  readonly column: Leaf['column'];
  readonly key: string | undefined;
  readonly isNegated: boolean;
  readonly values: readonly string[];
}

/**
 * Pick out of a branch what can be asked as a set: `a = 1 or a = 2 or …` as `a in (1, 2, …)`, which the engine looks up
 * once however long it is, and by index. The order of the others is kept.
 */
export function equalitySets(branch: Branch): { sets: readonly EqualitySet[]; others: readonly Filter[] } {
  const operator = branch.kind === 'or' ? 'equals' : 'not-equals';
  const groups = new Map<string, Leaf[]>();
  for (const child of branch.children) {
    if (!isSetMember(child, operator)) continue;
    const name = `${child.column} ${child.key ?? ''}`;
    const group = groups.get(name);
    if (group) group.push(child);
    else groups.set(name, [child]);
  }
  const taken = new Set<Filter>();
  const sets: EqualitySet[] = [];
  for (const group of groups.values()) {
    if (group.length < 2) continue;
    for (const member of group) taken.add(member);
    const { column, key } = group[0]!;
    const values = [...new Set(group.map(({ value }) => value as string))];
    sets.push({ kind: 'set', column, key, isNegated: branch.kind === 'and', values });
  }
  return { sets, others: branch.children.filter((child) => !taken.has(child)) };
}

function isSetMember(filter: Filter, operator: 'equals' | 'not-equals'): filter is Leaf {
  if (filter.kind !== 'leaf' || filter.operator !== operator) return false;
  switch (COLUMN_SQL[filter.column].is) {
    case 'text':
    case 'constant':
      return typeof filter.value === 'string';
    case 'property':
      return true;
    case 'some-of':
      // Different from one value and different from another may be true of two members.
      return operator === 'equals';
    default:
      return false;
  }
}
