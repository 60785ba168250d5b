import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { type Picture, pictureParameters, type ReadPicture, readPicture } from './list-picture.ts';

/** Another picture: a step that `Back` undoes, or a detail of this one. */
export type ChangePicture = (change: Partial<Picture>, how?: 'step' | 'detail') => void;

export interface UsedPicture {
  readonly read: ReadPicture;
  readonly change: ChangePicture;
  /** Parameters that are about how it is shown. */
  readonly shown: Readonly<Record<string, string | undefined>>;
  readonly show: (parameters: Record<string, string | undefined>) => void;
}

/** The list as the URL has it. */
export function usePicture(): UsedPicture {
  const search = useSearch({ from: '/signed-in/sessions' });
  const navigate = useNavigate({ from: '/sessions' });
  const { range, search: text, in: where, filter, pattern, sort } = search;
  const read = useMemo(
    () => readPicture({ range, search: text, in: where, filter, pattern, sort }),
    [range, text, where, filter, pattern, sort],
  );
  const set = useCallback(
    (parameters: Record<string, string | undefined>, replace: boolean) =>
      void navigate({ search: (prev) => ({ ...prev, ...parameters }), replace, resetScroll: false }),
    [navigate],
  );
  const change = useCallback<ChangePicture>(
    (changed, how = 'step') => set(pictureParameters(changed), how === 'detail'),
    [set],
  );
  const show = useCallback((parameters: Record<string, string | undefined>) => set(parameters, true), [set]);
  return { read, change, shown: search, show };
}
