import { ArrowDown, ArrowUp, Columns3, GripVertical } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '../../ui/button.tsx';
import { Popover } from '../../ui/popover.tsx';
import styles from './column-picker.module.css';
import { COLUMN_SPECS, type ColumnId, DEFAULT_COLUMNS, movedColumn, SPEC_OF } from './column-specs.ts';

interface ColumnPickerProps {
  readonly columns: readonly ColumnId[];
  readonly onChoose: (columns: readonly ColumnId[]) => void;
}

/** Which columns are shown, and in which order: dragged, or moved by their buttons. */
export function ColumnPicker({ columns, onChoose }: ColumnPickerProps) {
  const [dragged, setDragged] = useState<ColumnId | undefined>();
  const hidden = COLUMN_SPECS.filter(({ id }) => !columns.includes(id));
  const dropOn = (target: ColumnId) => {
    if (dragged === undefined) return;
    onChoose(movedColumn(columns, dragged, columns.indexOf(target) - columns.indexOf(dragged)));
    setDragged(undefined);
  };
  return (
    <Popover
      label="Columns"
      align="end"
      trigger={
        <Button aria-label="Columns">
          <Columns3 size={14} aria-hidden />
          Columns
        </Button>
      }
    >
      <ul className={styles.columns} aria-label="Shown columns">
        {columns.map((id, index) => {
          const { label } = SPEC_OF.get(id)!;
          const isFixed = id === 'name';
          return (
            // Dragging is the other way to what the buttons do.
            <li
              key={id}
              className={styles.column}
              draggable={!isFixed}
              data-dragged={dragged === id}
              onDragStart={() => setDragged(id)}
              onDragEnd={() => setDragged(undefined)}
              onDragOver={(event) => !isFixed && event.preventDefault()}
              onDrop={() => dropOn(id)}
            >
              <GripVertical size={12} aria-hidden className={isFixed ? styles.none : 'faint'} />
              <label className={styles.name}>
                <input
                  type="checkbox"
                  checked
                  disabled={isFixed}
                  onChange={() => onChoose(columns.filter((other) => other !== id))}
                />
                {label}
              </label>
              {!isFixed && (
                <>
                  <IconButton
                    label={`Move ${label} up`}
                    icon={<ArrowUp size={14} aria-hidden />}
                    disabled={index === 1}
                    onClick={() => onChoose(movedColumn(columns, id, -1))}
                  />
                  <IconButton
                    label={`Move ${label} down`}
                    icon={<ArrowDown size={14} aria-hidden />}
                    disabled={index === columns.length - 1}
                    onClick={() => onChoose(movedColumn(columns, id, 1))}
                  />
                </>
              )}
            </li>
          );
        })}
        {hidden.map(({ id, label }) => (
          <li key={id} className={styles.column}>
            <span className={styles.none} />
            <label className={styles.name}>
              <input type="checkbox" checked={false} onChange={() => onChoose([...columns, id])} />
              {label}
            </label>
          </li>
        ))}
      </ul>
      <Button onClick={() => onChoose(DEFAULT_COLUMNS)}>As they were at first</Button>
    </Popover>
  );
}
