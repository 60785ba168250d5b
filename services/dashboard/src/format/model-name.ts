/** Whether it names a model: steps that ask none are recorded as `tool:…`, `data:…` and `vector_db`. */
export function isModel(name: string): boolean {
  return !/^(?:(?:tool|data|vector_db):|vector_db$)/.test(name);
}
