import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { api, dataOf } from '../../api/client.ts';
import { visibleText } from '../../format/visible-text.ts';
import { Combobox } from '../../ui/combobox.tsx';

interface PropertyPickerProps {
  /** `A` or `B`. */
  readonly group: string;
  /** `''`: none chosen yet. */
  readonly propertyKey: string;
  readonly value: string;
  readonly onChange: (key: string, value: string) => void;
}

/** A property, and one of its values. */
export function PropertyPicker({ group, propertyKey, value, onChange }: PropertyPickerProps) {
  const [typed, setTyped] = useState('');
  const keys = usePropertyKeys();
  const values = usePropertyValues(propertyKey, useDeferredValue(typed));
  return (
    <>
      <Combobox
        label={`Property of ${group}`}
        prefix="Property"
        value={propertyKey === '' ? undefined : propertyKey}
        choices={(keys.data ?? []).map((key) => ({ value: key, label: visibleText(key) }))}
        takesOther
        none="No call had a property yet."
        onChange={(key) => key !== propertyKey && onChange(key, '')}
      />
      {propertyKey !== '' && (
        <Combobox
          label={`Value of ${propertyKey} of ${group}`}
          prefix="is"
          value={value === '' ? undefined : value}
          choices={(values.data ?? []).map((one) => ({ value: one, label: visibleText(one) }))}
          onSearch={setTyped}
          takesOther
          onChange={(next) => onChange(propertyKey, next)}
        />
      )}
    </>
  );
}

/** Keys of properties that are not hidden. */
export function usePropertyKeys() {
  return useQuery({
    queryKey: ['property-keys'],
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      const keys = await dataOf(api().POST('/v1/property/query', { body: {}, signal }));
      return keys.map(({ property }) => property);
    },
  });
}

function usePropertyValues(propertyKey: string, searchTerm: string) {
  return useQuery({
    queryKey: ['property-values', propertyKey, searchTerm],
    staleTime: 60_000,
    enabled: propertyKey !== '',
    queryFn: ({ signal }) =>
      dataOf(
        api().POST('/v1/property/{propertyKey}/search', {
          params: { path: { propertyKey } },
          body: { searchTerm },
          signal,
        }),
      ),
  });
}
