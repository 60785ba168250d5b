import { providerByLabel, providerByName } from '@throughline/providers/find-provider';

/**
 * The provider that whoever logs a call names, as it is stored.
 *
 * @returns undefined when it names none; `CUSTOM` when what it names is no name.
 */
export function loggedProvider(given: string | null | undefined): string | undefined {
  const name = given?.trim().toUpperCase() ?? '';
  if (name === '') return undefined;
  const known = providerByName(name) ?? providerByLabel(name.toLowerCase());
  return known?.name ?? (NAME.test(name) ? name : 'CUSTOM');
}

/** Of a provider that is not in the table. Anything else is no name, and may be a text that nobody wants stored. */
const NAME = /^[A-Z0-9][A-Z0-9 ._:/-]{0,63}$/;
