import { readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@throughline/testkit/process/free-port';
import { cacheFolder } from './cache-folder.ts';
import { findJavaPrograms } from './java-program.ts';
import { javaName, shortHash } from './kafka-program.ts';
import { fetchJars } from './maven-jars.ts';
import { prepareOnce } from './prepare-once.ts';
import { createServerProcess } from './server-process.ts';

/** How to run an S3 server on this machine. */
export interface S3Program {
  readonly java: string;
  /** Class path, archive of classes, logging. */
  readonly javaArgs: readonly string[];
}

/** Whoever gives these two may do everything. */
export const S3_KEYS = { accessKeyId: 'local-access-key', secretAccessKey: 'local-secret-key' } as const;

/** Written when clients are served. */
export const S3_STARTED = 'Started Server';
/** A start on a busy machine. */
export const S3_START_MS_MAX = 120_000;
export const S3_MAIN = 'org.gaul.s3proxy.Main';

const POM = fileURLToPath(new URL('../s3/pom.xml', import.meta.url));
const ARCHIVE = 'classes.jsa';
const LOGGING = `<configuration>
  <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%d{HH:mm:ss.SSS} %level %logger{0} %msg%n</pattern></encoder>
  </appender>
  <root level="info"><appender-ref ref="out"/></root>
</configuration>
`;

/**
 * S3Proxy's jars from Maven Central in the cache folder, fetched once per machine (19 MB), with an archive of loaded
 * classes that makes a start cheap.
 *
 * @param say told what takes long.
 * @throws ServerUnavailable
 */
export async function findS3(say: (line: string) => void = () => {}): Promise<S3Program> {
  const { java } = await findJavaPrograms(['java'], say, 's3');
  const jarsName = `s3-${shortHash(readFileSync(POM))}`;
  const jars = await prepareOnce(join(cacheFolder(), jarsName), async (folder) => {
    say("Fetching S3Proxy's jars (19 MB, Maven Central), once");
    await fetchJars('s3', POM, folder, say);
    writeFileSync(join(folder, 'logback.xml'), LOGGING);
  });
  const quick = await prepareOnce(join(cacheFolder(), `${jarsName}-${javaName(java)}`), async (folder) => {
    say('Starting S3Proxy for the first time, so that later starts are quick');
    await makeQuickStart(java, jars, folder);
  });
  // A missing or foreign archive costs time at the start and nothing else.
  return { java, javaArgs: [`-XX:SharedArchiveFile=${join(quick, ARCHIVE)}`, ...javaArgsFor(jars)] };
}

/** @param data folder that holds one folder per bucket. */
export function s3Properties(port: number, data: string): string {
  return [
    `s3proxy.endpoint=http://127.0.0.1:${port}`,
    's3proxy.authorization=aws-v4',
    `s3proxy.identity=${S3_KEYS.accessKeyId}`,
    `s3proxy.credential=${S3_KEYS.secretAccessKey}`,
    // The whole body is held to check its signature.
    's3proxy.v4-max-non-chunked-request-size=67108864',
    'jclouds.provider=filesystem-nio2',
    `jclouds.filesystem.basedir=${data}`,
    '',
  ].join('\n');
}

async function makeQuickStart(java: string, jars: string, folder: string): Promise<void> {
  const properties = join(folder, 's3proxy.properties');
  writeFileSync(properties, s3Properties(await findFreePort(), folder));
  const server = createServerProcess({
    name: 'S3Proxy',
    command: java,
    args: [
      `-XX:ArchiveClassesAtExit=${join(folder, ARCHIVE)}`,
      ...javaArgsFor(jars),
      S3_MAIN,
      '--properties',
      properties,
    ],
    cwd: folder,
    logFile: join(folder, 'first-run.log'),
    ready: (log) => log.includes(S3_STARTED),
    startTimeoutMs: S3_START_MS_MAX,
  });
  await server.restart();
  // The archive is written at the end of the process.
  await server.stop();
  await rm(properties);
}

function javaArgsFor(jars: string): string[] {
  return [
    `-Dlogback.configurationFile=${join(jars, 'logback.xml')}`,
    // One collector thread and the first compiler alone: on two cores that everything shares, half the CPU of a start.
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-cp',
    join(jars, 'libs', '*'),
  ];
}
