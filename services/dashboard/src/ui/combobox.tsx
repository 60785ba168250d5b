import { Combobox as BaseCombobox } from '@base-ui/react/combobox';
import { Check, ChevronDown } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import styles from './combobox.module.css';
import controls from './controls.module.css';
import floating from './floating/floating.module.css';

export interface Choice {
  readonly value: string;
  readonly label: string;
  /** Quieter, at the end of its row. */
  readonly note?: string;
}

interface ComboboxProps {
  /** What is chosen, read out before the value. */
  readonly label: string;
  /** Shown before the value, where nothing beside it says what it is. */
  readonly prefix?: string;
  /** Undefined: nothing is chosen yet. */
  readonly value: string | undefined;
  /** What the button says of it; the value itself where left out. */
  readonly text?: string;
  readonly choices: readonly Choice[];
  readonly onChange: (value: string) => void;
  /** Choices come from a server that is asked for this text. Left out: they are all here, and looked through here. */
  readonly onSearch?: (text: string) => void;
  /** Whether what is typed may be chosen though it is not among the choices. */
  readonly takesOther?: boolean;
  readonly placeholder?: string;
  /** What the list says when it is empty. */
  readonly none?: ReactNode;
}

/** Choices shown: whoever wants another one types some of it. */
const SHOWN_MAX = 100;

/** One of many: a button with what is chosen, which opens a list that typing narrows. */
export function Combobox(props: ComboboxProps) {
  const { label, prefix, value, text, choices, onChange, onSearch, takesOther, placeholder, none } = props;
  const [typed, setTyped] = useState('');
  const [isOpen, setOpen] = useState(false);
  const [highlighted, setHighlighted] = useState<Choice>();
  const wanted = typed.trim();
  // While a server is asked, those of before are here still.
  const found = choices.filter((choice) => contains(choice.label, wanted));
  const other = { value: wanted, label: wanted, note: 'as written' };
  const isOther = takesOther && wanted !== '' && !found.some((choice) => choice.value === wanted);
  const items = [...found.slice(0, SHOWN_MAX), ...(isOther ? [other] : [])];
  const search = (next: string) => {
    setTyped(next);
    onSearch?.(next.trim());
  };
  // Choices that come later are not highlighted by themselves.
  const chooseFirst = (event: KeyboardEvent) => {
    const [first] = items;
    if (event.key !== 'Enter' || highlighted !== undefined || wanted === '' || first === undefined) return;
    event.preventDefault();
    setOpen(false);
    onChange(first.value);
  };
  const chosen =
    value === undefined ? null : (choices.find((choice) => choice.value === value) ?? { value, label: value });
  const shown = text ?? chosen?.label;
  return (
    <BaseCombobox.Root
      items={items}
      filteredItems={items}
      value={chosen}
      onValueChange={(next: Choice | null) => next && onChange(next.value)}
      inputValue={typed}
      onInputValueChange={search}
      open={isOpen}
      onOpenChange={(opens) => {
        setOpen(opens);
        if (opens) search('');
      }}
      onItemHighlighted={(choice: Choice | undefined) => setHighlighted(choice)}
      isItemEqualToValue={(item: Choice, one: Choice) => item.value === one.value}
      itemToStringLabel={(choice: Choice) => choice.label}
      autoHighlight
    >
      <BaseCombobox.Trigger
        className={`${controls.button} ${styles.trigger}`}
        aria-label={`${label}: ${shown ?? 'none'}`}
      >
        {prefix && <span className="quiet">{prefix}</span>}
        <bdi className={`truncate ${shown === undefined ? 'quiet' : ''}`}>{shown ?? placeholder ?? 'Choose'}</bdi>
        <ChevronDown size={14} aria-hidden />
      </BaseCombobox.Trigger>
      <BaseCombobox.Portal>
        <BaseCombobox.Positioner sideOffset={4} align="start" className={floating.positioner}>
          <BaseCombobox.Popup className={`${floating.popup} ${styles.popup}`} aria-label={label}>
            <BaseCombobox.Input
              className={`${controls.field} ${styles.input}`}
              placeholder="Type to search"
              aria-label={`Search: ${label}`}
              onKeyDown={chooseFirst}
            />
            <BaseCombobox.Empty>
              <div className={styles.none}>{none ?? 'Nothing is called that.'}</div>
            </BaseCombobox.Empty>
            <BaseCombobox.List className={styles.list}>
              {(choice: Choice) => (
                <BaseCombobox.Item key={`${choice.value} ${choice.note}`} value={choice} className={floating.item}>
                  <span className={styles.check}>
                    <BaseCombobox.ItemIndicator>
                      <Check size={14} aria-hidden />
                    </BaseCombobox.ItemIndicator>
                  </span>
                  <bdi className="truncate">{choice.label}</bdi>
                  {choice.note && <span className={styles.note}>{choice.note}</span>}
                </BaseCombobox.Item>
              )}
            </BaseCombobox.List>
          </BaseCombobox.Popup>
        </BaseCombobox.Positioner>
      </BaseCombobox.Portal>
    </BaseCombobox.Root>
  );
}

function contains(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}
