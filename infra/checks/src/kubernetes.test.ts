import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readConfig, SETTINGS } from '@throughline/standalone/config';
import { requireServers } from '@throughline/standalone/services/servers';
import { parse, parseAllDocuments } from 'yaml';
import { readCompose } from './compose-file.ts';
import { ROOT, readText } from './repository.ts';

interface Container {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly envFrom: readonly Record<'configMapRef' | 'secretRef', { readonly name: string } | undefined>[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  readonly securityContext: unknown;
  readonly resources: { readonly limits: { readonly memory: string } };
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  readonly startupProbe?: { readonly exec: { readonly command: readonly string[] } };
  readonly readinessProbe?: { readonly httpGet: { readonly path: string; readonly port: string } };
  readonly livenessProbe?: { readonly httpGet: { readonly path: string; readonly port: string } };
  readonly lifecycle?: { readonly preStop: { readonly exec: { readonly command: readonly string[] } } };
}

interface Resource {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
  readonly spec: {
    readonly selector?: Readonly<Record<string, unknown>>;
    readonly ports?: readonly { readonly port: number; readonly targetPort: string }[];
    readonly volumeClaimTemplates?: readonly {
      readonly metadata: { readonly name: string };
      readonly spec: { readonly resources: { readonly requests: { readonly storage: string } } };
    }[];
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>>; readonly annotations?: unknown };
      readonly spec: {
        readonly terminationGracePeriodSeconds?: number;
        readonly securityContext: Readonly<Record<string, unknown>>;
        readonly containers: readonly Container[];
        readonly volumes: readonly { readonly name: string }[];
      };
    };
  };
}

const FOLDER = 'infra/k8s';
const files = readdirSync(join(ROOT, FOLDER)).filter((file) => file !== 'kustomization.yaml');
const resources = files.flatMap((file) =>
  parseAllDocuments(readText(`${FOLDER}/${file}`)).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Resource;
  }),
);
const byName = (kind: string, name: string) => resources.find((one) => one.kind === kind && one.metadata.name === name);
const workloads = resources.filter(({ kind }) => ['Job', 'StatefulSet', 'Deployment'].includes(kind));
const compose = readCompose('docker-compose.yml');

test('everything is applied, with one image', () => {
  const { resources: applied, images } = parse(readText(`${FOLDER}/kustomization.yaml`)) as {
    resources: string[];
    images: { name: string; newTag: string }[];
  };
  expect([...applied].sort()).toEqual(files);
  for (const { spec } of workloads) {
    expect(spec.template.spec.containers.map(({ image }) => image)).toEqual([
      `${images[0]!.name}:${images[0]!.newTag}`,
    ]);
  }
  expect(images[0]!.newTag).toBe((JSON.parse(readText('package.json')) as { version: string }).version);
});

test('the settings exist and can be used, and hold what all services need', () => {
  const settings = {
    ...byName('ConfigMap', 'throughline')?.data,
    ...byName('Secret', 'throughline')?.stringData,
    ...byName('Secret', 'throughline-api-key')?.stringData,
  };
  for (const name of Object.keys(settings)) expect(Object.keys(SETTINGS)).toContain(name);
  expect(() => requireServers(readConfig(settings))).not.toThrow();
});

describe.each(workloads.map((one) => [one.metadata.name, one] as const))('%s', (name, { kind, spec }) => {
  const pod = spec.template.spec;
  const container = pod.containers[0]!;

  test('runs the command of its name with settings that are there; the key is for the migration', () => {
    expect([container.name, container.args]).toEqual([name, [name]]);
    const sources = container.envFrom.map(({ configMapRef, secretRef }) =>
      configMapRef ? byName('ConfigMap', configMapRef.name) : byName('Secret', secretRef!.name),
    );
    expect(sources.every((source) => source !== undefined)).toBe(true);
    expect(sources.some((source) => source?.metadata.name === 'throughline-api-key')).toBe(name === 'migrate');
  });

  test('can do no more than it has to', () => {
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  test('mounts volumes that it has', () => {
    const volumes = [
      ...pod.volumes.map((volume) => volume.name),
      ...(spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name),
    ];
    expect(container.volumeMounts.map((mount) => mount.name).sort()).toEqual(volumes.sort());
    expect(container.volumeMounts.some(({ mountPath }) => mountPath === '/tmp')).toBe(true);
  });

  test('has the memory that it has with compose', () => {
    const { memory } = compose.services[name]!.deploy.resources.limits;
    expect(container.resources.limits.memory.toLowerCase()).toBe(`${memory}i`);
  });

  if (kind === 'Job') return;

  test('is found by what selects it', () => {
    const { labels } = spec.template.metadata;
    expect(spec.selector).toEqual({ matchLabels: labels });
    expect(byName('PodDisruptionBudget', name)!.spec.selector).toEqual({ matchLabels: labels });
    const service = byName('Service', name);
    if (name !== 'aggregator') expect(service!.spec.selector).toEqual(labels);
  });

  test('listens, and is asked, where it does with compose', () => {
    const port = Number(compose.services[name]!.environment!.PORT);
    expect(container.ports).toEqual([{ name: 'http', containerPort: port }]);
    expect(spec.template.metadata.annotations).toEqual({
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': String(port),
    });
    if (name !== 'aggregator')
      expect(byName('Service', name)!.spec.ports).toEqual([{ name: 'http', port, targetPort: 'http' }]);
    expect(container.livenessProbe!.httpGet).toEqual({ path: '/healthz', port: 'http' });
  });

  test('is not taken out of service because its servers fail, where it still serves without them', () => {
    const { path } = container.readinessProbe!.httpGet;
    expect(path).toBe(name === 'aggregator' ? '/readyz' : '/healthz');
    if (name === 'aggregator') return;
    expect(container.startupProbe!.exec.command).toEqual(['node', '/app/infra/docker/health.js', 'started']);
  });

  test('gets longer to end than it takes', () => {
    const source = readText('packages/standalone/src/services/run-service.ts');
    const drainSeconds = Number(/DRAIN_MS_MAX = ([\d_]+)/.exec(source)![1]!.replaceAll('_', '')) / 1_000;
    const waitSeconds = Number(container.lifecycle?.preStop.exec.command[1] ?? 0);
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(drainSeconds + waitSeconds);
  });
});

test.each(['gateway', 'query'])(
  'the disk of %s has room for a full outbox, in the folder that the image uses',
  (name) => {
    const { spec } = byName('StatefulSet', name)!;
    const { env = [], ...container } = spec.template.spec.containers[0]!;
    const mount = container.volumeMounts.find(({ name }) => name === 'outbox')!;
    expect(readText('infra/docker/Dockerfile')).toContain(`THROUGHLINE_DATA_DIR=${mount.mountPath}\n`);
    const settings = readConfig(Object.fromEntries(env.map(({ name: setting, value }) => [setting, value])));
    const { storage } = spec.volumeClaimTemplates![0]!.spec.resources.requests;
    expect(Number.parseInt(storage, 10) * 1024 ** 3).toBeGreaterThan(settings.OUTBOX_BYTES_MAX * 1.1);
  },
);
