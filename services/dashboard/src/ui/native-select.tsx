import controls from './controls.module.css';

interface NativeSelectProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [value: Value, label: string])[];
  readonly onChange: (value: Value) => void;
}

/** One of a few, as the browser offers it: for what is there before anything else is loaded. */
export function NativeSelect<Value extends string>({ label, value, options, onChange }: NativeSelectProps<Value>) {
  return (
    <select
      className={controls.field}
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value as Value)}
    >
      {options.map(([option, text]) => (
        <option key={option} value={option}>
          {text}
        </option>
      ))}
    </select>
  );
}
