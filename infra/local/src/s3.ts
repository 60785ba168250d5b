import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LocalServer, type LocalServerOptions, startLocalServer } from './local-server.ts';
import { findS3, S3_KEYS, S3_MAIN, S3_START_MS_MAX, S3_STARTED, type S3Program, s3Properties } from './s3-program.ts';

export interface S3Options extends LocalServerOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** Made before it starts. Default: `bodies`. */
  readonly buckets?: readonly string[];
  /** Default: the one that `findS3` finds. */
  readonly program?: S3Program;
}

/** S3's API over a folder, on loopback: S3Proxy. */
export interface S3Server extends LocalServer {
  /** `http://127.0.0.1:<port>`; buckets are in the path, not in the host name. */
  readonly endpoint: string;
  readonly port: number;
  /** As clients read them from the environment, beside a region. */
  readonly env: Readonly<Record<string, string>>;
  /** A folder for each bucket, the objects' names as paths below it. */
  readonly dataDir: string;
}

/** The heap of a server that holds a few bodies of 16 MiB at a time. */
const HEAP_MB = 384;

/**
 * Starts S3Proxy in a process of its own and waits until it serves.
 *
 * @throws ServerUnavailable where this machine cannot have it.
 */
export async function startS3(options: S3Options = {}): Promise<S3Server> {
  const { buckets = ['bodies'] } = options;
  const program = options.program ?? (await findS3((line) => process.stderr.write(`${line}\n`)));
  const { server, ports } = await startLocalServer('S3', options, [options.port], async (dir, [port]) => {
    const data = join(dir, DATA);
    for (const bucket of buckets) mkdirSync(join(data, bucket), { recursive: true });
    const file = join(dir, 's3proxy.properties');
    writeFileSync(file, s3Properties(port!, data));
    return {
      command: program.java,
      args: [`-Xmx${HEAP_MB}m`, '-Xms32m', ...program.javaArgs, S3_MAIN, '--properties', file],
      ready: (log) => log.includes(S3_STARTED),
      startTimeoutMs: S3_START_MS_MAX,
    };
  });
  return Object.assign(server, {
    endpoint: `http://127.0.0.1:${ports[0]}`,
    port: ports[0]!,
    env: { AWS_ACCESS_KEY_ID: S3_KEYS.accessKeyId, AWS_SECRET_ACCESS_KEY: S3_KEYS.secretAccessKey },
    dataDir: join(server.dir, DATA),
  });
}

const DATA = 'data';
