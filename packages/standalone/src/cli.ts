import { ConfigError } from './config-error.ts';
import { UsageError } from './usage-error.ts';

type Env = Readonly<Record<string, string | undefined>>;

interface Command {
  readonly usage: string;
  readonly about: string;
  /** What it takes; anything else is refused. */
  readonly flags?: readonly string[];
  /** Whether an argument that is no flag means something; the command says what is wrong with one that does not fit. */
  readonly takesOthers?: boolean;
  /** It reads its arguments by `readOptions`, and refuses what it does not take itself. */
  readonly readsOptions?: true;
  /** @returns the exit code. */
  run(args: readonly string[], env: Env): Promise<number>;
}

// Each command's code is loaded when it is called: `config` needs no engine.
const COMMANDS: Readonly<Record<string, Command>> = {
  start: {
    usage: 'start',
    about: 'run everything in this process (gateway, aggregator, query API) until SIGTERM or Ctrl+C',
    run: async (_args, env) => (await import('./commands/start.ts')).runStart(env),
  },
  gateway: {
    usage: 'gateway',
    about: 'run one gateway over Kafka: proxies and records, until SIGTERM',
    run: async (_args, env) => (await import('./commands/service.ts')).runGateway(env),
  },
  aggregator: {
    usage: 'aggregator',
    about: 'run one session-aggregator of the group: Kafka to Redis and ClickHouse, until SIGTERM',
    run: async (_args, env) => (await import('./commands/service.ts')).runAggregator(env),
  },
  query: {
    usage: 'query',
    about: 'run one query API over Redis and ClickHouse, until SIGTERM',
    run: async (_args, env) => (await import('./commands/service.ts')).runQuery(env),
  },
  migrate: {
    usage: 'migrate',
    about: 'make or bring up to date what the services need in Kafka and ClickHouse; before they start',
    run: async (_args, env) => (await import('./commands/migrate.ts')).runMigrate(env),
  },
  config: {
    usage: 'config [--json]',
    about: 'list every setting with its value, its default and where the value comes from',
    flags: ['--json'],
    run: async (args, env) => (await import('./commands/config.ts')).runConfig(args, env),
  },
  audit: {
    usage: 'audit [--json]',
    about:
      'of the instance that runs, or of the services over servers: compare accepted = logged = stored = totalled and name every difference; exit code 0 if there is none, 1 if there is one, 3 if there is none so far and events are logged and not applied yet',
    flags: ['--json'],
    run: async (args, env) => (await import('./commands/audit.ts')).runAudit(args, env),
  },
  rebuild: {
    usage: 'rebuild [<partition> …]',
    about:
      'forget the totals in Redis, of all partitions or of those named: their owners make them anew from ClickHouse',
    takesOthers: true,
    run: async (args, env) => (await import('./commands/rebuild.ts')).runRebuild(args, env),
  },
  rebase: {
    usage: 'rebase',
    about: 'let partitions go on that have lost their position in Kafka; what is gone is named in the ledger',
    run: async (_args, env) => (await import('./commands/rebase.ts')).runRebase(env),
  },
  'dead-letters': {
    usage: 'dead-letters list | show <partition>:<offset> | replay <partition>:<offset>',
    about: 'events that could not be processed: what they were, and a new try',
    flags: ['--json'],
    takesOthers: true,
    run: async (args, env) => (await import('./commands/dead-letters.ts')).runDeadLetters(args, env),
  },
  tenant: {
    usage:
      'tenant list | create <id> [<name>] | update <id> | disable <id> | enable <id>; create and update take [--retention-days <n>] [--body-retention-days <n>]',
    about:
      'tenants, each with requests and keys of its own, and retention if it has one of its own; the keys of a disabled one are refused',
    flags: ['--json', '--retention-days', '--body-retention-days'],
    takesOthers: true,
    run: async (args, env) => (await import('./commands/tenant.ts')).runTenant(args, env),
  },
  key: {
    usage: 'key create <tenant> <name> [<permissions>] | list <tenant> | revoke <id>',
    about: 'keys of a tenant; permissions are r, w, rw (unless given), m, operator, or several with commas',
    flags: ['--json'],
    takesOthers: true,
    run: async (args, env) => (await import('./commands/key.ts')).runKey(args, env),
  },
  export: {
    usage: 'export <session> [-o <file>] [--gzip] [--no-mask] [--url <url>] [--key <key>]',
    about:
      'a session with everything that is recorded of it as a file, API keys and tokens in it masked; to stdout unless a file is named (`-` is stdout as well), which is replaced if it is there',
    readsOptions: true,
    run: async (args, env) => (await import('./commands/export.ts')).runExport(args, env),
  },
  import: {
    usage: 'import <file> [--as <session>] [--json] [--url <url>] [--key <key>]',
    about: 'record the session of a file that was exported, here or elsewhere; `-` is stdin; exit code 1 if it differs',
    readsOptions: true,
    run: async (args, env) => (await import('./commands/import.ts')).runImport(args, env),
  },
  login: {
    usage: 'login [--json]',
    about: 'print a link that signs in to the instance that is running on this data directory; it works once',
    flags: ['--json'],
    run: async (args, env) => (await import('./commands/login.ts')).runLogin(args, env),
  },
  replay: {
    usage:
      "replay <session> [--model <m>] [--provider <name>] [--target-url <url>] [--provider-key-env [<provider>=]<NAME>]… [--temperature <t>] [--system-prompt <text>] [--body <json>] [--path <path>]… [--from <n>] [--times <k>] [--max-cost <usd>] [--session-id <id>] [--thread] [--no-tool-time] [--stop-on-error] [--dry-run] [--against <session>] [--fail-if 'cost > 1.1x']… [--json]",
    about:
      'send a recorded session once more, into a new one, and compare the two; exit code 1 if it does not complete, or a --fail-if holds (docs/replay.md)',
    readsOptions: true,
    run: async (args, env) => (await import('./commands/replay.ts')).runReplay(args, env),
  },
  diff: {
    usage: 'diff <session> <other session> [--text] [--path <path>] [--limit <n>] [--json]',
    about:
      'what changed from one session to another: figures, then steps that are not equal, with their texts word by word. Over the API: at --url (this machine, unless given) with THROUGHLINE_API_KEY or --key',
    readsOptions: true,
    run: async (args, env) => (await import('./commands/diff.ts')).runDiff(args, env),
  },
  demo: {
    usage: 'demo',
    about: 'fill the instance that is running on this data directory with a few believable sessions',
    run: async (_args, env) => (await import('./commands/demo.ts')).runDemoCommand(env),
  },
};

/**
 * The `throughline` command.
 *
 * @returns the exit code: 0 done, 1 failed or a difference found, 2 called wrongly, 3 an audit is clean and not at
 *   its end. Errors a person can mend are one sentence on stderr.
 */
export async function runCli(args: readonly string[], env: Env): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(helpText());
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    process.stderr.write(`throughline: there is no command ${JSON.stringify(name)}; see throughline --help\n`);
    return 2;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(`throughline ${command.usage}\n  ${command.about}\n`);
    return 0;
  }
  const isTaken = (arg: string) => command.flags?.includes(arg) || (command.takesOthers && !arg.startsWith('-'));
  const unknown = command.readsOptions ? undefined : rest.find((arg) => !isTaken(arg));
  if (unknown !== undefined) {
    process.stderr.write(
      `throughline: ${name} takes no ${JSON.stringify(unknown)}; settings are environment variables\n`,
    );
    return 2;
  }
  try {
    return await command.run(rest, env);
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`throughline ${name}: ${error.message}; see throughline ${name} --help\n`);
      return 2;
    }
    if (!isForPeople(error)) throw error;
    process.stderr.write(`throughline: ${(error as Error).message}\n`);
    return 1;
  }
}

const FOR_PEOPLE = new Set([
  'EventLogError',
  'AnalyticsError',
  'SessionTotalsError',
  'InvalidRedisUrl',
  'StartError',
  'ControlError',
  'ReplayRefused',
  'AdministrationRefused',
  'ApiError',
]);

/** Errors whose message is written for whoever started us; anything else is a defect, and its stack is wanted. */
function isForPeople(error: unknown): boolean {
  if (error instanceof ConfigError) return true;
  return error instanceof Error && FOR_PEOPLE.has(error.name);
}

function helpText(): string {
  const width = Math.max(...Object.values(COMMANDS).map(({ usage }) => usage.length)) + 2;
  const lines = Object.values(COMMANDS).map(({ usage, about }) => `  ${usage.padEnd(width)}${about}`);
  return `throughline records LLM calls as sessions.\n\nUsage: throughline <command>\n\n${lines.join('\n')}\n\nSettings are environment variables: throughline config lists them.\n`;
}
