import { useEffect } from 'react';
import { type ColumnId, columnsText, DEFAULT_COLUMNS, readColumns } from './column-specs.ts';

const STORED = 'throughline.session-columns';

/**
 * The columns that are shown: those of the URL, else those that were chosen last. Chosen ones go into the URL, so that a
 * copied link opens the same picture.
 *
 * @param inUrl `cols` of the URL. @param show sets parameters of the URL.
 */
export function useColumns(
  inUrl: string | undefined,
  show: (parameters: Record<string, string | undefined>) => void,
): { readonly columns: readonly ColumnId[]; readonly choose: (columns: readonly ColumnId[]) => void } {
  const stored = localStorage.getItem(STORED) ?? undefined;
  const text = inUrl ?? stored;
  const columns = readColumns(text) ?? DEFAULT_COLUMNS;
  useEffect(() => {
    if (inUrl === undefined && stored !== undefined) show({ cols: stored });
  }, [inUrl, stored, show]);
  const choose = (next: readonly ColumnId[]) => {
    const chosen = columnsText(next);
    if (chosen === undefined) localStorage.removeItem(STORED);
    else localStorage.setItem(STORED, chosen);
    show({ cols: chosen });
  };
  return { columns, choose };
}
