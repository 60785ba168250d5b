/** What `pnpm verify:compose` tells its tests. @throws where they run without it. */
export function given(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: these tests are run by \`pnpm verify:compose\``);
  return value;
}
