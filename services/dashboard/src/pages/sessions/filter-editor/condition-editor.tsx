import { useState } from 'react';
import {
  columnNamed,
  FILTER_COLUMNS,
  type FilterColumn,
  isKeyed,
  OPERATOR_NAMES,
  OPERATORS,
} from '../../../search/filter/filter-columns.ts';
import type { Condition } from '../../../search/filter/filter-node.ts';
import controls from '../../../ui/controls.module.css';
import { TextField } from '../../../ui/field.tsx';
import { typedValue, withColumn } from './edit-filter.ts';

interface ConditionEditorProps {
  readonly condition: Condition;
  readonly spec: FilterColumn;
  readonly onChange: (condition: Condition) => void;
}

const GROUPS = [
  ['sessions_request_response_rmt', 'The session as a whole'],
  ['request_response_rmt', 'One of its requests'],
] as const;

/** Column, name where it has names, operator, value. */
export function ConditionEditor({ condition, spec, onChange }: ConditionEditorProps) {
  const choose = (name: string) => {
    const [table, column] = name.split('.');
    const next = columnNamed(table!, column!);
    if (next) onChange(withColumn(condition, next));
  };
  return (
    <>
      <select
        className={controls.field}
        aria-label="Column"
        value={`${spec.table}.${spec.column}`}
        onChange={(event) => choose(event.target.value)}
      >
        {GROUPS.map(([table, name]) => (
          <optgroup key={table} label={name}>
            {FILTER_COLUMNS.filter((column) => column.table === table).map(({ column, label }) => (
              <option key={column} value={`${table}.${column}`}>
                {label}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      {isKeyed(spec.kind) && (
        <TextField
          label={spec.kind === 'property' ? 'Name of the property' : 'Name of the score'}
          placeholder="name"
          value={condition.key ?? ''}
          onChange={(event) => onChange({ ...condition, key: event.target.value })}
        />
      )}
      <select
        className={controls.field}
        aria-label="Operator"
        value={condition.operator}
        onChange={(event) => onChange({ ...condition, operator: event.target.value })}
      >
        {OPERATORS[spec.kind].map((operator) => (
          <option key={operator} value={operator}>
            {OPERATOR_NAMES.get(operator)}
          </option>
        ))}
      </select>
      <Value condition={condition} spec={spec} onChange={onChange} />
    </>
  );
}

function Value({ condition, spec: { kind }, onChange }: ConditionEditorProps) {
  /** A number that is being typed, such as `1.`, is not one yet. */
  const [typed, setTyped] = useState<string | undefined>();
  const set = (text: string) => onChange({ ...condition, value: typedValue(kind, text) });
  if (kind === 'boolean') {
    return (
      <select
        className={controls.field}
        aria-label="Value"
        value={String(condition.value)}
        onChange={(event) => set(event.target.value)}
      >
        <option value="true">yes</option>
        <option value="false">no</option>
      </select>
    );
  }
  if (kind === 'time') {
    return (
      <input
        type="datetime-local"
        step={0.001}
        className={controls.field}
        aria-label="Value"
        value={localInstant(String(condition.value))}
        onChange={({ target: { value } }) => set(value === '' ? '' : new Date(value).toISOString())}
      />
    );
  }
  const isNumber = kind === 'number' || kind === 'usd' || kind === 'score';
  return (
    <TextField
      label="Value"
      inputMode={isNumber ? 'decimal' : undefined}
      placeholder={isNumber ? '0' : 'empty'}
      value={typed ?? String(condition.value)}
      onChange={(event) => {
        if (isNumber) setTyped(event.target.value);
        set(event.target.value);
      }}
      onBlur={() => setTyped(undefined)}
    />
  );
}

/** An instant as the browser's field wants it: local, without a zone. */
function localInstant(iso: string): string {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) return '';
  return new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, -1);
}
