/** Encoded rows of one insert lie in a file whose name says what it holds; names sort by batch, so that tables take turns. */
export function rowsFileName({ batch, table, rows }: { batch: number; table: string; rows: number }): string {
  return `${String(batch).padStart(8, '0')}.${table}.${rows}`;
}

/** @throws when it is no such name. */
export function parseRowsFileName(name: string): { readonly table: string; readonly rows: number } {
  const [, table, rows] = /^\d{8}\.(\w+)\.(\d+)$/.exec(name) ?? [];
  if (table === undefined) throw new Error(`${name} holds no rows`);
  return { table, rows: Number(rows) };
}
