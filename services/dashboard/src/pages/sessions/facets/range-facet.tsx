import { useState } from 'react';
import type { Schemas } from '../../../api/client.ts';
import { type Bounds, boundsOf, withBounds } from '../../../search/filter/filter-choices.ts';
import type { Filter } from '../../../search/filter/filter-node.ts';
import { TextField } from '../../../ui/field.tsx';
import styles from './facet-panel.module.css';
import type { RangeSpec } from './facet-specs.ts';

interface RangeFacetProps {
  readonly spec: RangeSpec;
  /** Of the selection; null where nothing is selected. */
  readonly spread: Schemas['SessionRange'] | null;
  readonly filter: Filter;
  readonly onChange: (filter: Filter) => void;
}

/** From and to, with what the selection has; and the highest twentieth of it with one click. */
export function RangeFacet({ spec: { title, unit, scale, asked }, spread, filter, onChange }: RangeFacetProps) {
  const { min, max } = boundsOf(filter, asked);
  const set = (bounds: Bounds) => onChange(withBounds(filter, asked, bounds));
  const shown = (value: number | undefined) => (value === undefined ? '' : short(value / scale));
  const named = unit === '' ? title : `${title}, ${unit}`;
  const isSet = min !== undefined || max !== undefined;
  const top = spread && spread.p95 > spread.min ? Number(short(spread.p95 / scale)) * scale : undefined;
  return (
    <section className={styles.facet} aria-label={named}>
      <header className={styles.facetHead}>
        <h3>
          {title} {unit !== '' && <span className="faint">{unit}</span>}
        </h3>
        {isSet ? (
          <button type="button" className={styles.clear} aria-label={`Clear ${title}`} onClick={() => set({})}>
            Clear
          </button>
        ) : (
          top !== undefined && (
            <button
              type="button"
              className={styles.clear}
              aria-label={`${title}: highest 5%`}
              title={`From ${shown(top)} on`}
              onClick={() => set({ min: top })}
            >
              Highest 5%
            </button>
          )
        )}
      </header>
      <div className={styles.bounds}>
        <Bound
          label={`${named}, from`}
          value={shown(min)}
          placeholder={spread ? shown(spread.min) : ''}
          onSet={(value) => set({ min: value === undefined ? undefined : value * scale, max })}
        />
        <span aria-hidden>–</span>
        <Bound
          label={`${named}, to`}
          value={shown(max)}
          placeholder={spread ? shown(spread.max) : ''}
          onSet={(value) => set({ min, max: value === undefined ? undefined : value * scale })}
        />
      </div>
    </section>
  );
}

interface BoundProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder: string;
  readonly onSet: (value: number | undefined) => void;
}

/** Set when one leaves it or presses Enter. */
function Bound({ label, value, placeholder, onSet }: BoundProps) {
  const [typed, setTyped] = useState<string | undefined>();
  const text = typed ?? value;
  const number = text.trim() === '' ? undefined : Number(text);
  const isWrong = number !== undefined && !Number.isFinite(number);
  const done = () => {
    setTyped(undefined);
    if (typed !== undefined && typed !== value && !isWrong) onSet(number);
  };
  return (
    <TextField
      label={label}
      inputMode="decimal"
      placeholder={placeholder}
      value={text}
      aria-invalid={isWrong}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={done}
      onKeyDown={(event) => {
        if (event.key === 'Enter') done();
        if (event.key === 'Escape') setTyped(undefined);
      }}
    />
  );
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
