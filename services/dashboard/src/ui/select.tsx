import { Select as BaseSelect } from '@base-ui/react/select';
import { Check, ChevronDown } from 'lucide-react';
import controls from './controls.module.css';
import floating from './floating/floating.module.css';

interface SelectProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [value: Value, label: string])[];
  readonly onChange: (value: Value) => void;
}

/** One of several, shown when asked for. Its label is read out, not shown: what stands around it says what it is. */
export function Select<Value extends string>({ label, value, options, onChange }: SelectProps<Value>) {
  return (
    <BaseSelect.Root
      items={options.map(([option, text]) => ({ value: option, label: text }))}
      value={value}
      onValueChange={(next) => next !== null && onChange(next as Value)}
      modal={false}
    >
      <BaseSelect.Trigger aria-label={label} className={controls.button}>
        <BaseSelect.Value />
        <ChevronDown size={14} aria-hidden />
      </BaseSelect.Trigger>
      <BaseSelect.Portal>
        <BaseSelect.Positioner sideOffset={4} alignItemWithTrigger={false} className={floating.positioner}>
          <BaseSelect.Popup className={floating.popup}>
            <BaseSelect.List>
              {options.map(([option, text]) => (
                <BaseSelect.Item key={option} value={option} className={floating.item}>
                  <BaseSelect.ItemText>{text}</BaseSelect.ItemText>
                  <BaseSelect.ItemIndicator>
                    <Check size={14} aria-hidden />
                  </BaseSelect.ItemIndicator>
                </BaseSelect.Item>
              ))}
            </BaseSelect.List>
          </BaseSelect.Popup>
        </BaseSelect.Positioner>
      </BaseSelect.Portal>
    </BaseSelect.Root>
  );
}
