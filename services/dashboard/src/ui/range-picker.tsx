import { CalendarRange } from 'lucide-react';
import { Suspense, useState } from 'react';
import { parseRange, RELATIVE_RANGES, rangeLabel } from '../search/range.ts';
import { Button } from './button.tsx';
import { lazyPart } from './lazy-part.ts';
import { Popover } from './popover.tsx';
import styles from './range-picker.module.css';
import { Skeleton } from './states.tsx';

/** The calendar is loaded when it is first opened. */
const ExactRange = lazyPart(() => import('./exact-range.tsx').then((part) => part.ExactRange));

interface RangePickerProps {
  /** As the URL has it; undefined: the default. */
  readonly value: string | undefined;
  readonly onChange: (range: string) => void;
  /** What it says; the range itself where left out. */
  readonly label?: string;
}

/** Relative ranges stay relative; exact ones come from a calendar, or from dragging on a chart. */
export function RangePicker({ value, onChange, label }: RangePickerProps) {
  const [isOpen, setOpen] = useState(false);
  const range = parseRange(value);
  const shown = label ?? rangeLabel(range);
  const choose = (next: string) => {
    setOpen(false);
    onChange(next);
  };
  return (
    <Popover
      label="Range of time"
      align="end"
      isOpen={isOpen}
      onOpenChange={setOpen}
      trigger={
        <Button aria-label={`Range of time: ${shown}`}>
          <CalendarRange size={14} aria-hidden />
          {shown}
        </Button>
      }
    >
      <div className={styles.picker}>
        <ul className={styles.relative}>
          {RELATIVE_RANGES.map(([text, label]) => (
            <li key={text}>
              <button
                type="button"
                className={styles.choice}
                aria-pressed={range.kind === 'last' && range.text === text}
                onClick={() => choose(text)}
              >
                {label}
              </button>
            </li>
          ))}
        </ul>
        <Suspense fallback={<Skeleton lines={8} />}>
          {isOpen && <ExactRange range={range} onChoose={choose} />}
        </Suspense>
      </div>
    </Popover>
  );
}
