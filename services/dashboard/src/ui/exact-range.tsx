import 'react-day-picker/style.css';
import { useState } from 'react';
import { type DateRange, DayPicker } from 'react-day-picker';
import { exactRange, type Range, rangeBounds } from '../search/range.ts';
import { Button } from './button.tsx';
import styles from './range-picker.module.css';

interface ExactRangeProps {
  readonly range: Range;
  /** @param range as it goes into the URL. */
  readonly onChoose: (range: string) => void;
}

/** From one minute to another, in the zone of the browser. */
export function ExactRange({ range, onChoose }: ExactRangeProps) {
  const now = rangeBounds(range, Date.now());
  const [from, setFrom] = useState(() => localMinute(now.fromMs));
  const [to, setTo] = useState(() => localMinute(now.toMs));
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const isValid = fromMs < toMs;
  const choose = (days: DateRange | undefined) => {
    if (!days?.from) return;
    const end = new Date(days.to ?? days.from);
    end.setHours(23, 59, 59, 999);
    setFrom(localMinute(days.from.getTime()));
    setTo(localMinute(end.getTime()));
  };
  return (
    <div className={styles.exact}>
      <DayPicker
        mode="range"
        defaultMonth={new Date(now.toMs)}
        selected={isValid ? { from: new Date(fromMs), to: new Date(toMs) } : undefined}
        onSelect={choose}
      />
      <div className={styles.minutes}>
        <label>
          From
          <input type="datetime-local" value={from} onChange={(event) => setFrom(event.target.value)} />
        </label>
        <label>
          To
          <input type="datetime-local" value={to} onChange={(event) => setTo(event.target.value)} />
        </label>
        <Button kind="primary" disabled={!isValid} onClick={() => onChoose(exactRange(fromMs, toMs))}>
          Set range
        </Button>
      </div>
    </div>
  );
}

/** As `datetime-local` wants it. */
function localMinute(ms: number): string {
  const date = new Date(ms);
  return new Date(ms - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
