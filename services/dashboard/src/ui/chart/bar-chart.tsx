import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Scroller } from '../scroller.tsx';
import { TableSwitch } from '../table-switch.tsx';
import styles from './bar-chart.module.css';
import plot from './plot.module.css';

export interface Bar {
  /** Its own among the bars. */
  readonly id: string;
  /** What it stands for: a range, a value. */
  readonly label: string;
  /** From zero on. */
  readonly value: number;
  /** Where its sessions are: search parameters of `/sessions`. Left out: nowhere. */
  readonly search?: Readonly<Record<string, string>>;
}

interface BarChartProps {
  /** The question it answers, with its unit: "Sessions by cost, USD". */
  readonly title: string;
  /** What the labels are, the head of the table's first column: "Cost". */
  readonly labelled: string;
  /** What the values count: one of it, and several. */
  readonly counted: readonly [one: string, several: string];
  readonly bars: readonly Bar[];
  readonly format: (value: number) => string;
}

/** A histogram: a row per bar, its label before it and its value behind, each a link to what it counts. */
export function BarChart({ title, labelled, counted, bars, format }: BarChartProps) {
  const [isTable, setTable] = useState(false);
  const most = Math.max(...bars.map(({ value }) => value), 0);
  return (
    <figure className={plot.figure} aria-label={title}>
      <figcaption className={plot.caption}>
        <span>{title}</span>
        <TableSwitch of={title} isTable={isTable} onChange={setTable} />
      </figcaption>
      {isTable ? (
        <Scroller label={`${title}, table`} className={plot.table}>
          <table>
            <thead>
              <tr>
                <th scope="col">{labelled}</th>
                <th scope="col">Number of {counted[1]}</th>
              </tr>
            </thead>
            <tbody>
              {bars.map(({ id, label, value }) => (
                <tr key={id}>
                  <td>{label}</td>
                  <td>{format(value)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroller>
      ) : (
        <ol className={styles.bars}>
          {bars.map((bar) => (
            <li key={bar.id}>
              <Row bar={bar} counted={counted} most={most} text={format(bar.value)} />
            </li>
          ))}
        </ol>
      )}
    </figure>
  );
}

interface RowProps {
  readonly bar: Bar;
  readonly counted: readonly [one: string, several: string];
  readonly most: number;
  readonly text: string;
}

function Row({ bar: { label, value, search }, counted, most, text }: RowProps) {
  const inside = (
    <>
      <span className={styles.label}>
        {label}
        <span className="spoken">: </span>
      </span>
      <span className={styles.track} aria-hidden>
        <span className={styles.bar} style={{ width: `${most > 0 ? (value / most) * 100 : 0}%` }} />
      </span>
      <span className={styles.value}>
        {text}
        <span className="spoken"> {counted[value === 1 ? 0 : 1]}</span>
      </span>
    </>
  );
  if (!search) return <div className={styles.row}>{inside}</div>;
  return (
    <Link to="/sessions" search={search} className={styles.row}>
      {inside}
    </Link>
  );
}
