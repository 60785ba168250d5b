interface Row {
  readonly session_id: string;
}

/** Pages as one list. A session that grew between two pages may be on both: it stays where it was first. */
export function withoutTwins<R extends Row>(pages: readonly (readonly R[])[]): R[] {
  const seen = new Set<string>();
  const rows: R[] = [];
  for (const page of pages) {
    for (const row of page) {
      if (seen.has(row.session_id)) continue;
      seen.add(row.session_id);
      rows.push(row);
    }
  }
  return rows;
}

/** The same pages with newer values in the places of the rows that have any; what has none stays the same object. */
export function withNewer<R extends Row, Page extends { readonly rows: readonly R[] }>(
  pages: readonly Page[],
  newer: readonly R[],
): readonly Page[] {
  const byId = new Map(newer.map((row) => [row.session_id, row]));
  let isAnyChanged = false;
  const merged = pages.map((page) => {
    let isChanged = false;
    const rows = page.rows.map((row) => {
      const next = byId.get(row.session_id);
      if (next === undefined || JSON.stringify(next) === JSON.stringify(row)) return row;
      isChanged = true;
      return next;
    });
    isAnyChanged ||= isChanged;
    return isChanged ? { ...page, rows } : page;
  });
  return isAnyChanged ? merged : pages;
}
