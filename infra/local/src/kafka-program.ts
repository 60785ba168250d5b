import { createHash, randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@throughline/testkit/process/free-port';
import { cacheFolder } from './cache-folder.ts';
import { findJavaPrograms } from './java-program.ts';
import { kafkaProperties, NODE_ID } from './kafka-properties.ts';
import { fetchJars } from './maven-jars.ts';
import { prepareOnce } from './prepare-once.ts';
import { runCommand } from './run-command.ts';
import { createServerProcess } from './server-process.ts';

/** How to run a Kafka broker on this machine. */
export interface KafkaProgram {
  readonly java: string;
  /** Arguments that every Java process of it gets: class path, archive of classes, log levels. */
  readonly javaArgs: readonly string[];
  /** A formatted, empty data folder. */
  readonly template: string;
}

/** Written when clients are served. */
export const KAFKA_STARTED = 'Kafka Server started';
/** A broker that recovers a large log on a busy machine. */
export const KAFKA_START_MS_MAX = 120_000;

const POM = fileURLToPath(new URL('../kafka/pom.xml', import.meta.url));

/**
 * Apache Kafka's jars from Maven Central in the cache folder, fetched once per machine (44 MB), with what makes a start
 * cheap: a formatted data folder to copy, and an archive of loaded classes. Measured on 2 cores: 1.7 s of CPU for a start
 * instead of 3.2 s without the archive and 5.2 s with Java's second compiler.
 *
 * @param say told what takes long.
 * @throws ServerUnavailable
 */
export async function findKafka(say: (line: string) => void = () => {}): Promise<KafkaProgram> {
  const { java } = await findJavaPrograms(['java'], say);
  const jarsName = `kafka-${shortHash(readFileSync(POM))}`;
  const jars = await prepareOnce(join(cacheFolder(), jarsName), async (folder) => {
    say("Fetching Kafka's jars (44 MB, Maven Central), once");
    await fetchJars('kafka', POM, folder, say);
  });
  const quick = await prepareOnce(join(cacheFolder(), `${jarsName}-${javaName(java)}`), async (folder) => {
    say('Starting Kafka for the first time, so that later starts are quick');
    await makeQuickStart(java, jars, folder);
  });
  return {
    java,
    // A missing or foreign archive costs time at the start and nothing else.
    javaArgs: [`-XX:SharedArchiveFile=${join(quick, ARCHIVE)}`, ...javaArgsFor(jars)],
    template: join(quick, TEMPLATE),
  };
}

/** Gives a new data folder what a format gives: its marks, with ids of its own. */
export function copyTemplate(program: KafkaProgram, data: string): void {
  if (existsSync(join(data, 'meta.properties'))) return;
  mkdirSync(data, { recursive: true });
  copyFileSync(join(program.template, 'bootstrap.checkpoint'), join(data, 'bootstrap.checkpoint'));
  writeFileSync(
    join(data, 'meta.properties'),
    `version=1\ncluster.id=${kafkaUuid()}\nnode.id=${NODE_ID}\ndirectory.id=${kafkaUuid()}\n`,
  );
}

const ARCHIVE = 'classes.jsa';
const TEMPLATE = 'formatted';

async function makeQuickStart(java: string, jars: string, folder: string): Promise<void> {
  const properties = join(folder, 'server.properties');
  const data = join(folder, TEMPLATE);
  const firstRun = join(folder, 'first-run');
  const ports = { client: await findFreePort(), internal: await findFreePort(), controller: await findFreePort() };
  const write = (logDir: string) => writeFileSync(properties, kafkaProperties({ ports, logDir }));
  const args = javaArgsFor(jars);
  const format = ['kafka.tools.StorageTool', 'format', '-t', kafkaUuid(), '-c', properties];
  write(data);
  await runCommand(java, [...args, ...format], { cwd: folder });
  write(firstRun);
  await runCommand(java, [...args, ...format], { cwd: folder });
  const broker = createServerProcess({
    name: 'Kafka',
    command: java,
    args: [`-XX:ArchiveClassesAtExit=${join(folder, ARCHIVE)}`, ...args, 'kafka.Kafka', properties],
    cwd: folder,
    logFile: join(folder, 'first-run.log'),
    ready: (log) => log.includes(KAFKA_STARTED),
    startTimeoutMs: KAFKA_START_MS_MAX,
  });
  await broker.restart();
  // The archive is written at the end of the process.
  await broker.stop();
  await rm(firstRun, { recursive: true });
}

function javaArgsFor(jars: string): string[] {
  const logging = { defaultLogLevel: 'warn', 'log.kafka.server.KafkaRaftServer': 'info', showDateTime: 'true' };
  return [
    ...Object.entries(logging).map(([name, value]) => `-Dorg.slf4j.simpleLogger.${name}=${value}`),
    '-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS',
    // One collector thread and the first compiler alone: on two cores that everything shares, half the CPU of a start.
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-cp',
    join(jars, 'libs', '*'),
  ];
}

/** Names a build of Java: an archive of classes belongs to one. */
export function javaName(java: string): string {
  const path = realpathSync(java);
  const release = join(dirname(path), '..', 'release');
  return `java-${shortHash(existsSync(release) ? readFileSync(release) : path)}`;
}

/** Enough of a hash to tell one project file, or one build, from another. */
export function shortHash(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 12);
}

/** Kafka's ids: 16 bytes in base64url. One that begins with a dash would be taken for an option. */
function kafkaUuid(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? kafkaUuid() : id;
}
