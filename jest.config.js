// Five kinds of tests, told apart by file name and folder. `pnpm jest --selectProjects unit` runs one kind;
// `pnpm test:faults` runs the last two in their long form.
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest'] },
  testPathIgnorePatterns: ['/node_modules/'],
};

export default {
  // How long a test may take at most, not how long it should: two busy cores are slow at times.
  testTimeout: 60_000,
  // Always child processes: ClickHouse in process holds one data directory and keeps its memory until the process ends.
  // Three, because a third of the time two leave a core idle: they wait for servers, pauses and disks.
  maxWorkers: 3,
  workerIdleMemoryLimit: '1GB',
  testSequencer: './tools/longest-first.js',
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/{packages,services,infra}/*/src/**/*.test.ts', '<rootDir>/tools/*.test.ts'],
    },
    { ...shared, displayName: 'contract', testMatch: ['<rootDir>/packages/*/test/contract/*.contract.test.ts'] },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['<rootDir>/{packages,services,infra}/*/test/integration/*.integration.test.ts'],
    },
    { ...shared, displayName: 'e2e', testMatch: ['<rootDir>/{packages,services,infra}/*/test/e2e/*.e2e.test.ts'] },
    { ...shared, displayName: 'faults', testMatch: ['<rootDir>/packages/*/test/faults/*.faults.test.ts'] },
  ],
};
