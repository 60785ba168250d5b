import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { Scroller } from './scroller.tsx';
import styles from './table.module.css';

export interface Column<Row> {
  readonly name: string;
  readonly cell: (row: Row) => ReactNode;
  /** Figures stand at the end of their cell; a name gives way where there is no room. */
  readonly kind?: 'figure' | 'name';
  /** Rows can be sorted by it: how they are now, and what asks for it. Left out: they cannot. */
  readonly sort?: { readonly order: 'ascending' | 'descending' | undefined; readonly onSort: () => void };
}

interface TableProps<Row> {
  /** What it lists, for screen readers. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
}

/** Some dozens of rows, as they come. */
export function Table<Row>({ label, columns, rows, keyOf }: TableProps<Row>) {
  return (
    <Scroller label={label} className={styles.scroll}>
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map(({ name, kind, sort }) => (
              <th key={name} scope="col" data-align={kind === 'figure' ? 'end' : undefined} aria-sort={sort?.order}>
                {sort ? <SortButton name={name} {...sort} /> : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ name, cell, kind }) => (
                <td key={name} data-kind={kind} data-align={kind === 'figure' ? 'end' : undefined}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}

function SortButton({ name, order, onSort }: { readonly name: string } & NonNullable<Column<unknown>['sort']>) {
  const Arrow = order === 'ascending' ? ArrowUp : ArrowDown;
  return (
    <button type="button" className={styles.sort} onClick={onSort}>
      {name}
      {order !== undefined && <Arrow size={12} aria-hidden />}
    </button>
  );
}
