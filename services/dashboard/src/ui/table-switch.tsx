import { Button } from './button.tsx';

interface TableSwitchProps {
  /** The picture that has the table behind it, for screen readers. */
  readonly of: string;
  readonly isTable: boolean;
  readonly onChange: (isTable: boolean) => void;
}

/** A picture, or its figures. */
export function TableSwitch({ of, isTable, onChange }: TableSwitchProps) {
  return (
    <Button kind="quiet" aria-pressed={isTable} aria-label={`${of} as a table`} onClick={() => onChange(!isTable)}>
      Table
    </Button>
  );
}
