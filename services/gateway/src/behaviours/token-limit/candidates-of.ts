/** Models of a list, in their order: beside the first, those that take over where a prompt is too long for it. */
export function candidatesOf(models: string): string[] {
  return models
    .split(',')
    .map((model) => model.trim())
    .filter((model) => model !== '');
}
