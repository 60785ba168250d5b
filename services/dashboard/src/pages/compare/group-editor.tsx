import { Plus, X } from 'lucide-react';
import type { AskedSessions } from '../../search/asked-sessions.ts';
import { treeWords } from '../../search/filter/filter-words.ts';
import { periodLabel } from '../../search/period.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { RangePicker } from '../../ui/range-picker.tsx';
import { Select } from '../../ui/select.tsx';
import { BehindLink } from '../patterns/behind/behind-link.tsx';
import { sessionsWord } from '../patterns/flow/flow-words.ts';
import { NamePicker } from '../patterns/name-picker.tsx';
import styles from './compare.module.css';
import { FilterJson } from './filter-json.tsx';
import { type GroupSpec, OUTCOMES } from './group-spec.ts';
import { PropertyPicker } from './property-picker.tsx';

interface GroupEditorProps {
  /** `A` or `B`. */
  readonly name: string;
  readonly spec: GroupSpec;
  readonly asked: AskedSessions;
  /** Undefined: not known yet. */
  readonly sessions: number | undefined;
  readonly onChange: (spec: GroupSpec) => void;
}

/** Which sessions a group has. */
export function GroupEditor({ name, spec, asked, sessions, onChange }: GroupEditorProps) {
  const setProperty = (at: number, key: string, value: string) =>
    onChange({ ...spec, properties: spec.properties.with(at, [key, value]) });
  return (
    <section className={styles.group} aria-label={`Group ${name}`}>
      <header className={styles.groupHead}>
        <h2>{name}</h2>
        {sessions !== undefined && (
          <BehindLink asked={asked} aria-label={`${name}: ${sessionsWord(sessions)}`}>
            {sessionsWord(sessions)}
          </BehindLink>
        )}
      </header>
      <div className={styles.choices}>
        <NamePicker
          label={`Name of the sessions of ${name}`}
          name={spec.name}
          onChange={(next) => onChange({ ...spec, name: next })}
        />
        <RangePicker
          value={spec.period}
          label={periodLabel(spec.period)}
          onChange={(period) => onChange({ ...spec, period })}
        />
        <Select
          label={`Outcome of the sessions of ${name}`}
          value={spec.outcome}
          options={OUTCOMES}
          onChange={(outcome) => onChange({ ...spec, outcome })}
        />
      </div>
      {spec.properties.map(([key, value], at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same key may be there twice
        <div key={at} className={styles.choices}>
          <PropertyPicker
            group={name}
            propertyKey={key}
            value={value}
            onChange={(nextKey, nextValue) => setProperty(at, nextKey, nextValue)}
          />
          <IconButton
            label={`Remove the property ${key} from ${name}`}
            icon={<X size={14} aria-hidden />}
            onClick={() => onChange({ ...spec, properties: spec.properties.toSpliced(at, 1) })}
          />
        </div>
      ))}
      {spec.filter !== 'all' && <p className={styles.filterWords}>Only where {treeWords(spec.filter)}</p>}
      <div className={styles.choices}>
        <Button
          kind="quiet"
          aria-label={`Add a property to ${name}`}
          onClick={() => onChange({ ...spec, properties: [...spec.properties, ['', '']] })}
        >
          <Plus size={14} aria-hidden />
          Property
        </Button>
        <FilterJson group={name} filter={spec.filter} onChange={(filter) => onChange({ ...spec, filter })} />
      </div>
    </section>
  );
}
