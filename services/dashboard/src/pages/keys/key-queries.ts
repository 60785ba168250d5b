import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answerOf, api, dataOf, type Schemas } from '../../api/client.ts';

export type ApiKey = Schemas['ApiKey'];

/** How the keys of all queries of this page begin. */
export const KEYS = ['api-keys'];

export function readKeys(signal: AbortSignal) {
  return dataOf(api().GET('/v1/api-keys', { signal }));
}

/** What makes a key, new or after another one. */
export interface KeyAsked {
  readonly api_key_name?: string;
  readonly key_permissions?: string;
  /** ISO 8601; null: until it is revoked. */
  readonly expires_at?: string | null;
  /** The id of the key that it follows. */
  readonly rotates?: string;
  readonly overlap_seconds?: number;
}

/** @param onMade the key itself, which nobody is shown again. */
export function useMakeKey(onMade: (made: { readonly id: string; readonly key: string }) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: KeyAsked) => dataOf(api().POST('/v1/api-keys', { body })),
    onSuccess: ({ id, apiKey }) => onMade({ id, key: apiKey }),
    onSettled: () => client.invalidateQueries({ queryKey: KEYS }),
  });
}

export function useChangeKey(onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: { readonly id: string; readonly api_key_name: string }) =>
      dataOf(api().PATCH('/v1/api-keys/{apiKeyId}', { params: { path: { apiKeyId: id } }, body })),
    onSuccess: onDone,
    onSettled: () => client.invalidateQueries({ queryKey: KEYS }),
  });
}

export function useRevokeKey(onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      answerOf(api().DELETE('/v1/api-keys/{apiKeyId}', { params: { path: { apiKeyId: id } } })),
    onSuccess: onDone,
    onSettled: () => client.invalidateQueries({ queryKey: KEYS }),
  });
}
