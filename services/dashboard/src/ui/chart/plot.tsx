import 'uplot/dist/uPlot.min.css';
import { type ReactNode, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import { useTheme } from '../../theme/theme.ts';
import { Scroller } from '../scroller.tsx';
import { TableSwitch } from '../table-switch.tsx';
import styles from './plot.module.css';

interface PlotProps {
  /** The question it answers, with its unit: "Cost per hour, USD". */
  readonly title: string;
  /** In words, what it shows: read out in place of the picture. */
  readonly summary: string;
  readonly height?: number;
  readonly data: uPlot.AlignedData;
  /** Everything but size and title; colours through `colour('--accent')`. A new identity draws it anew. */
  readonly options: (colour: (role: string) => string) => Omit<uPlot.Options, 'width' | 'height'>;
  /** The same figures, for those who read rather than look. */
  readonly table: ReactNode;
  readonly actions?: ReactNode;
  /** What is drawn; null while it is a table. */
  readonly drawn: RefObject<uPlot | null>;
  /** What lies over the picture. */
  readonly over?: ReactNode;
}

/** A chart of uPlot: drawn to the width there is, in the colours of the theme, with its table behind it. */
export function Plot({ title, summary, height = 120, data, options, table, actions, drawn, over }: PlotProps) {
  const [isTable, setTable] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const theme = useTheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read from the theme's style sheet
  const built = useMemo(() => options(colourOf), [options, theme]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: data that changes is set below, without drawing anew
  useEffect(() => {
    const element = place.current;
    if (!element || isTable) return;
    const plot = new uPlot({ ...built, width: Math.max(1, element.clientWidth), height }, data, element);
    drawn.current = plot;
    const resizing = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry!.contentRect.width);
      if (width > 0 && width !== plot.width) plot.setSize({ width, height });
    });
    resizing.observe(element);
    return () => {
      resizing.disconnect();
      plot.destroy();
      drawn.current = null;
    };
  }, [built, height, isTable, drawn]);
  useEffect(() => drawn.current?.setData(data), [data, drawn]);

  return (
    <figure className={styles.figure} aria-label={title}>
      <figcaption className={styles.caption}>
        <span>{title}</span>
        {actions}
        <TableSwitch of={title} isTable={isTable} onChange={setTable} />
      </figcaption>
      {isTable ? (
        <Scroller label={`${title}, table`} className={styles.table} style={{ maxHeight: Math.max(height, 200) }}>
          {table}
        </Scroller>
      ) : (
        <div className={styles.drawing}>
          <div ref={place} className={styles.place} style={{ height }} role="img" aria-label={summary} />
          {over}
        </div>
      )}
    </figure>
  );
}

function colourOf(role: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(role).trim();
}
