import { useQuery } from '@tanstack/react-query';
import { api, dataOf, type Schemas } from './client.ts';
import { useStoredKey } from './key-store.ts';

/** The key that one is signed in with, as the API knows it. */
export function useUsedKey() {
  const key = useStoredKey();
  return useQuery({
    queryKey: ['used-key', key],
    queryFn: ({ signal }) => dataOf(api().GET('/v1/key', { signal })),
    staleTime: 60_000,
    placeholderData: undefined,
  });
}

/** Whether it reads prompts and answers too: keys that only write read nothing, unless all may. Not known yet: the API will say. */
export function mayReadBodies(key: Schemas['UsedKey'] | undefined): boolean {
  return key === undefined || key.permissions.some((permission) => permission !== 'm' && permission !== 'operator');
}

/** Whether it may say something of calls and delete them. Not known yet: the API will say. */
export function mayWrite(key: Schemas['UsedKey'] | undefined): boolean {
  return key === undefined || key.permissions.some((permission) => permission === 'w' || permission === 'rw');
}

/** Whether it sends sessions once more, which reads bodies and records calls. Not known yet: the API will say. */
export function mayReplay(key: Schemas['UsedKey'] | undefined): boolean {
  return key === undefined || key.permissions.includes('rw');
}
