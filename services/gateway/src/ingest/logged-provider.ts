import { providerByLabel, providerByName } from '@throughline/providers/find-provider';

/** The provider that whoever logs a call names, as it is stored; undefined when it names none. */
export function loggedProvider(given: string | null | undefined): string | undefined {
  const name = given?.trim().toUpperCase() ?? '';
  if (name === '') return undefined;
  const known = providerByName(name) ?? providerByLabel(name.toLowerCase());
  return known?.name ?? name.slice(0, NAME_CHARS_MAX);
}

/** Of a provider that is not in the table, characters: a name. */
const NAME_CHARS_MAX = 64;
