import { parse } from 'yaml';
import { readText } from './repository.ts';

/** What of a service in docker-compose.yml is looked at. */
export interface ComposeService {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly command?: readonly string[];
  readonly user?: string;
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly env_file?: readonly { readonly path: string; readonly required: boolean }[];
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly restart: string;
  readonly read_only?: boolean;
  readonly tmpfs?: readonly string[];
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly stop_grace_period: string;
  readonly logging: { readonly options: Readonly<Record<string, string>> };
  readonly deploy: {
    readonly replicas?: number;
    readonly resources: { readonly limits: { readonly memory: string } };
  };
}

export interface ComposeFile {
  readonly name: string;
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

/**
 * Reads a compose file of the repository as Docker does: merge keys applied, variables put in.
 *
 * @param variables in place of a shell's and .env's.
 */
export function readCompose(path: string, variables: Readonly<Record<string, string>> = {}): ComposeFile {
  const text = readText(path).replaceAll(VARIABLE, (_, name: string, fallback = '') => variables[name] || fallback);
  return parse(text, { merge: true }) as ComposeFile;
}

/** Names of the variables that a compose file is filled in with. */
export function composeVariables(path: string): string[] {
  return [...new Set([...readText(path).matchAll(VARIABLE)].map(([, name]) => name!))];
}

const VARIABLE = /\$\{([A-Z_]+)(?::-([^}]*))?\}/g;
