/**
 * Checks that imports point the way ARCHITECTURE.md draws: main.ts and standalone → services → ports → contracts, with
 * client libraries in adapters only, and that nothing but what `outbound-connections.ts` lists connects to other hosts. Exit code 1 and one line per arrow that points the wrong way.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { unexpectedConnections } from './outbound-connections.ts';

const root = resolve(import.meta.dirname, '..');

const PORTS = ['event-log', 'session-totals', 'analytics', 'body-store', 'call-state'];
const SERVICES = ['gateway', 'session-aggregator', 'query', 'dashboard'];
const SUBJECTS = ['filter-tree', 'providers', 'masking', 'telemetry', 'http', 'outbound'];
/** What production code never imports. */
const FOR_TESTS = ['testkit', 'bench', 'local-servers'];
const CLIENT_LIBRARIES = ['kafkajs', 'ioredis', '@clickhouse/client', 'chdb', 'lmdb', '@aws-sdk/client-s3'];

/** Which packages of ours each package's production code may import. Absent: anything. */
const ALLOWED: Record<string, readonly string[]> = {
  contracts: [],
  telemetry: ['contracts'],
  http: ['contracts', 'telemetry'],
  outbound: ['contracts'],
  'event-log': ['contracts'],
  'session-totals': ['contracts'],
  analytics: ['contracts'],
  'body-store': ['contracts'],
  // For how Redis is reached: the same servers, by the same setting.
  'call-state': ['contracts', 'session-totals'],
  'filter-tree': ['contracts'],
  providers: ['contracts'],
  masking: ['contracts', 'providers'],
  conversation: [],
  gateway: ['contracts', ...PORTS, ...SUBJECTS],
  'session-aggregator': ['contracts', ...PORTS, ...SUBJECTS],
  query: ['contracts', 'conversation', ...PORTS, ...SUBJECTS],
  dashboard: ['client', 'conversation'],
  standalone: ['contracts', ...PORTS, ...SUBJECTS, ...SERVICES],
};

/** Loads what takes a quarter of a second to import; itself loaded only when it is asked for. */
const OPEN_TELEMETRY = join(root, 'packages', 'telemetry', 'src', 'open-telemetry.ts');

interface Import {
  readonly file: string;
  readonly target: string;
  /** `import()`, where and when it is needed. */
  readonly isLate: boolean;
}

/** Every wrong arrow in the tree, as a sentence. */
export function wrongImports(): string[] {
  const wrong: string[] = [];
  for (const home of ['packages', 'services', 'infra']) {
    for (const name of readdirSync(join(root, home))) {
      // Not everything under infra/ is code, and what is may import what local-servers may.
      if (!existsSync(join(root, home, name, 'src'))) continue;
      for (const { file, target, isLate } of importsOf(join(root, home, name, 'src'))) {
        const reason =
          whyTooEarly(file, target, isLate) ?? whyWrong(home === 'infra' ? 'local-servers' : name, file, target);
        if (reason) wrong.push(`${relative(root, file)} imports ${target}: ${reason}`);
      }
    }
  }
  return wrong;
}

function whyTooEarly(file: string, target: string, isLate: boolean): string | undefined {
  if (file === OPEN_TELEMETRY || file.endsWith('.test.ts')) return undefined;
  if (target.startsWith('@opentelemetry/')) return 'only open-telemetry.ts does, which is loaded when tracing is on';
  const isIt = target.startsWith('.')
    ? resolve(dirname(file), target) === OPEN_TELEMETRY
    : target === '@throughline/telemetry/open-telemetry';
  return isIt && !isLate ? 'it is to be loaded by import() alone, when tracing is on' : undefined;
}

function whyWrong(owner: string, file: string, target: string): string | undefined {
  const isTest = file.endsWith('.test.ts');
  const isMain = file.endsWith(`${sep}main.ts`);
  if (target.startsWith('@throughline/')) {
    const [, pkg, ...rest] = target.split('/');
    if (isTest) return undefined;
    if (FOR_TESTS.includes(pkg!)) {
      if (owner === 'testkit' && pkg !== 'testkit') return 'the others build on testkit';
      return FOR_TESTS.includes(owner) ? undefined : 'only tests, benchmarks and infra commands use it';
    }
    if (ALLOWED[owner] && !ALLOWED[owner].includes(pkg!)) return `${owner} may not depend on ${pkg}`;
    const isService = SERVICES.includes(owner);
    if (
      isService &&
      !isMain &&
      PORTS.includes(pkg!) &&
      (ADAPTER_FOLDERS.includes(rest[0] ?? '') || ADAPTER_FILE.test(rest.at(-1) ?? ''))
    ) {
      return 'a service knows the port, only main.ts chooses the adapter';
    }
    return undefined;
  }
  const library = CLIENT_LIBRARIES.find((name) => target === name || target.startsWith(`${name}/`));
  if (library && !isTest && !PORTS.includes(owner) && !FOR_TESTS.includes(owner) && !isMain) {
    return `only adapters import ${library}`;
  }
  if (target.startsWith('.') && PORTS.includes(owner) && !isTest) {
    const place = relative(join(root, 'packages', owner, 'src'), file).split(sep);
    const aim = relative(join(root, 'packages', owner, 'src'), resolve(dirname(file), target)).split(sep);
    const isAdapter = ADAPTER_FILE.test(place.at(-1)!);
    if (place.length === 1 && !isAdapter && ADAPTER_FOLDERS.includes(aim[0]!))
      return 'a port does not import its adapters';
    if (place.length > 1 && aim.length > 1 && place[0] !== aim[0]) {
      if (ADAPTER_FOLDERS.includes(place[0]!) && ADAPTER_FOLDERS.includes(aim[0]!))
        return 'one adapter imports another';
    }
  }
  return undefined;
}

/** Folders under a port's `src/` that hold an adapter. */
const ADAPTER_FOLDERS = ['files', 'kafka', 'lmdb', 'redis', 'embedded', 'http', 's3'];
/** An adapter of a port that has several, each in a folder by what it is for. */
const ADAPTER_FILE = /^(?:open-)?(?:lmdb|redis)-/;

function importsOf(dir: string): Import[] {
  const found: Import[] = [];
  for (const entry of readdirSync(dir, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !/\.tsx?$/.test(entry.name)) continue;
    const file = join(entry.parentPath, entry.name);
    for (const match of readFileSync(file, 'utf8').matchAll(IMPORT)) {
      found.push({ file, target: (match[1] ?? match[2])!, isLate: match[1] === undefined });
    }
  }
  return found;
}

const IMPORT = /(?:^|\n)\s*(?:import|export)\s[^;'"]*?from\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g;

if (import.meta.main) {
  const wrong = [...wrongImports(), ...unexpectedConnections(root)];
  for (const line of wrong) console.error(line);
  if (wrong.length > 0) process.exit(1);
  console.log('imports: every arrow points the right way');
}
