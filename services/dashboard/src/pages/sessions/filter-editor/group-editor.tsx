import { Plus, X } from 'lucide-react';
import { columnNamed, FILTER_COLUMNS } from '../../../search/filter/filter-columns.ts';
import type { Condition, FilterNode, Group } from '../../../search/filter/filter-node.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { Segments } from '../../../ui/segments.tsx';
import { ConditionEditor } from './condition-editor.tsx';
import { replacedAt } from './edit-filter.ts';
import styles from './filter-dialog.module.css';

interface GroupEditorProps {
  readonly group: Group;
  readonly onChange: (group: Group) => void;
  /** The outermost is always an "and". */
  readonly isRoot?: boolean;
  readonly onRemove?: () => void;
}

const [FIRST_COLUMN] = FILTER_COLUMNS;
const NEW_CONDITION: Condition = {
  kind: 'condition',
  table: FIRST_COLUMN!.table,
  column: 'session_session_name',
  key: null,
  operator: 'equals',
  value: '',
};

/** Conditions and groups of which all, or one, must be true. */
export function GroupEditor({ group, onChange, isRoot = false, onRemove }: GroupEditorProps) {
  const put = (at: number, node: FilterNode | null) => onChange(replacedAt(group, [at], node));
  const add = (node: FilterNode) => onChange({ ...group, children: [...group.children, node] });
  const inner = group.operator === 'and' ? 'or' : 'and';
  return (
    <fieldset className={styles.group} data-root={isRoot}>
      <legend className="spoken">{group.operator === 'and' ? 'All of these' : 'Any of these'}</legend>
      {!isRoot && (
        <div className={styles.groupHead}>
          <Segments
            label="How they are joined"
            value={group.operator}
            options={[
              ['and', 'All of'],
              ['or', 'Any of'],
            ]}
            onChange={(operator) => onChange({ ...group, operator })}
          />
          <IconButton label="Remove the group" icon={<X size={14} aria-hidden />} onClick={onRemove} />
        </div>
      )}
      {group.children.map((child, at) => (
        // A condition is where it is: it has no other name.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <div key={at} className={styles.child}>
          <span className={styles.joint}>{at === 0 ? 'where' : group.operator}</span>
          <NodeEditor node={child} onChange={(node) => put(at, node)} />
        </div>
      ))}
      <div className={styles.add}>
        <Button kind="quiet" onClick={() => add(NEW_CONDITION)}>
          <Plus size={14} aria-hidden /> Condition
        </Button>
        <Button kind="quiet" onClick={() => add({ kind: 'group', operator: inner, children: [NEW_CONDITION] })}>
          <Plus size={14} aria-hidden /> Group
        </Button>
      </div>
    </fieldset>
  );
}

/** @param onChange with null: it is taken away. */
function NodeEditor({
  node,
  onChange,
}: {
  readonly node: FilterNode;
  readonly onChange: (node: FilterNode | null) => void;
}) {
  if (node.kind === 'group') return <GroupEditor group={node} onChange={onChange} onRemove={() => onChange(null)} />;
  const spec = node.kind === 'condition' ? columnNamed(node.table, node.column) : undefined;
  return (
    <div className={styles.condition}>
      {node.kind === 'condition' && spec ? (
        <ConditionEditor condition={node} spec={spec} onChange={onChange} />
      ) : (
        <code className={styles.opaque}>{JSON.stringify(node.kind === 'opaque' ? node.leaf : node)}</code>
      )}
      <IconButton label="Remove the condition" icon={<X size={14} aria-hidden />} onClick={() => onChange(null)} />
    </div>
  );
}
