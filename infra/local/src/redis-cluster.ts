import { findFreePort } from '@throughline/testkit/process/free-port';
import { waitFor } from '@throughline/testkit/wait-for';
import { type RedisServer, startRedis } from './redis.ts';
import { findRedis } from './redis-program.ts';
import { runCommand } from './run-command.ts';

export interface RedisClusterOptions {
  /** Redis wants three at least. Default 3. */
  readonly masters?: number;
  /** Replicas of each master. Default 0: a killed master's slots are down until it is restarted. */
  readonly replicas?: 0 | 1;
  /** Lines of every node's `redis.conf`. */
  readonly config?: Readonly<Record<string, string>>;
}

/** A real Redis Cluster on loopback, each node a process of its own. */
export interface RedisCluster extends AsyncDisposable {
  /** Masters at the start first, then their replicas. */
  readonly nodes: readonly RedisServer[];
  /** One per node, for a client's list of start nodes. */
  readonly urls: readonly string[];
  /** The nodes that are masters now, in the order of `nodes`; nodes that do not run are left out. */
  masters(): Promise<RedisServer[]>;
  /** The node that serves a key now, as its neighbours see it. */
  masterOf(key: string): Promise<RedisServer>;
  /**
   * Makes the replica of a master its successor. Where the master runs, it hands over in order; where it was killed or
   * paused, this waits until the others have elected the replica. @returns the new master.
   */
  failover(master: RedisServer): Promise<RedisServer>;
  /** Waits until every running node says `cluster_state:ok` and every replica is in step with its master. */
  settled(): Promise<void>;
  /** Ends all nodes at once and removes their folders. */
  remove(): Promise<void>;
}

/** A node silent for this long is taken for dead by the others; an election follows within about a second. */
const NODE_TIMEOUT_MS = 2_000;
/** Redis gives an ordered handover up after 5 s; then it has to be asked for again. */
const HANDOVER_MS_MAX = 6_000;
/** Forming, electing, and copying to replicas, on a busy machine. */
const SETTLE_MS_MAX = 60_000;

/**
 * Starts a cluster and waits until all slots are served.
 *
 * @throws ServerUnavailable where this machine cannot have Redis.
 */
export async function startRedisCluster(options: RedisClusterOptions = {}): Promise<RedisCluster> {
  const { masters = 3, replicas = 0 } = options;
  const program = await findRedis();
  const nodes: RedisServer[] = [];
  const busPorts: number[] = [];
  const remove = async () => void (await Promise.all(nodes.map((node) => node.remove())));
  const cluster: RedisCluster = {
    nodes,
    urls: [],
    masters: async () => {
      const running = nodes.filter((node) => node.pid !== undefined);
      const roles = await Promise.all(running.map(roleOf));
      return running.filter((_, i) => roles[i] === 'master');
    },
    async masterOf(key) {
      const witness = await firstAnswering(nodes);
      const slot = Number(await witness.cli('CLUSTER', 'KEYSLOT', key));
      const serving = (await tableOf(witness)).find(({ slots }) =>
        slots.some(([from, to]) => from <= slot && slot <= to),
      );
      if (!serving) throw new Error(`no master serves slot ${slot} of key ${key}`);
      return nodeAt(nodes, serving.port);
    },
    async failover(master) {
      const witness = await firstAnswering(nodes.filter((node) => node !== master));
      const table = await tableOf(witness);
      const id = table.find(({ port }) => port === master.port)?.id;
      const replica = table.find((line) => line.masterId === id);
      if (!replica) throw new Error(`node ${master.port} has no replica that could succeed it`);
      const successor = nodeAt(nodes, replica.port);
      const inOrder = (await master.cli('PING').catch(() => '')) === 'PONG';
      let askAgainAt = 0;
      await waitFor(
        async () => {
          if ((await roleOf(successor)) === 'master') return true;
          if (inOrder && performance.now() >= askAgainAt) {
            askAgainAt = performance.now() + HANDOVER_MS_MAX;
            await successor.cli('CLUSTER', 'FAILOVER');
          }
          return false;
        },
        { timeoutMs: SETTLE_MS_MAX, intervalMs: 50, what: `the promotion of node ${successor.port}` },
      );
      await waitFor(async () => (await successor.cli('CLUSTER', 'INFO')).includes('cluster_state:ok'), {
        timeoutMs: SETTLE_MS_MAX,
        what: 'cluster_state:ok',
      });
      return successor;
    },
    async settled() {
      for (const node of nodes.filter(({ pid }) => pid !== undefined)) {
        await waitFor(() => isSettled(node, nodes.length), {
          timeoutMs: SETTLE_MS_MAX,
          intervalMs: 50,
          what: `agreement of cluster node ${node.port}`,
        });
      }
    },
    remove,
    [Symbol.asyncDispose]: remove,
  };
  try {
    for (let i = 0; i < masters * (1 + replicas); i++) {
      // The default, port + 10000, may be anybody's.
      const busPort = await findFreePort();
      busPorts.push(busPort);
      nodes.push(await startRedis({ program, config: { ...clusterSettings(busPort), ...options.config } }));
    }
    const addresses = nodes.map(({ port }, i) => `127.0.0.1:${port}@${busPorts[i]}`);
    const create = ['--cluster', 'create', ...addresses, '--cluster-replicas', String(replicas), '--cluster-yes'];
    await runCommand(program.cli, create, { env: program.env });
    await cluster.settled();
    return Object.assign(cluster, { urls: nodes.map(({ url }) => url) });
  } catch (error) {
    await remove();
    throw error;
  }
}

function clusterSettings(busPort: number): Record<string, string> {
  return {
    'cluster-enabled': 'yes',
    'cluster-config-file': 'nodes.conf',
    'cluster-port': String(busPort),
    'cluster-node-timeout': String(NODE_TIMEOUT_MS),
    // A replica may succeed however long its link was down: a busy machine must not leave slots unserved.
    'cluster-replica-validity-factor': '0',
  };
}

async function isSettled(node: RedisServer, nodes: number): Promise<boolean> {
  const info = await node.cli('CLUSTER', 'INFO');
  if (!info.includes('cluster_state:ok') || !info.includes(`cluster_known_nodes:${nodes}`)) return false;
  // A node that is still to become a replica is a master without slots until its neighbours have heard of it.
  const table = await tableOf(node);
  if (table.some(({ masterId, slots }) => masterId === undefined && slots.length === 0)) return false;
  const replication = await node.cli('INFO', 'replication');
  return replication.includes('role:master') || replication.includes('master_link_status:up');
}

async function roleOf(node: RedisServer): Promise<string> {
  return (await node.cli('ROLE')).split('\n')[0]!;
}

async function firstAnswering(nodes: readonly RedisServer[]): Promise<RedisServer> {
  for (const node of nodes) {
    if (node.pid !== undefined && (await node.cli('PING').catch(() => '')) === 'PONG') return node;
  }
  throw new Error('no node of the cluster answers');
}

function nodeAt(nodes: readonly RedisServer[], port: number): RedisServer {
  const node = nodes.find((one) => one.port === port);
  if (!node) throw new Error(`the cluster names a node at port ${port} that was not started here`);
  return node;
}

interface TableLine {
  readonly id: string;
  readonly port: number;
  /** Undefined for a master. */
  readonly masterId: string | undefined;
  readonly slots: readonly (readonly [from: number, to: number])[];
}

async function tableOf(witness: RedisServer): Promise<TableLine[]> {
  return parseClusterNodes(await witness.cli('CLUSTER', 'NODES'));
}

/** The answer of `CLUSTER NODES`: `id ip:port@bus flags master ping pong epoch link slot…` a line. */
export function parseClusterNodes(text: string): TableLine[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [id, address, , masterId, , , , , ...slots] = line.trim().split(' ');
      return {
        id: id!,
        port: Number(/:(\d+)/.exec(address!)![1]),
        masterId: masterId === '-' ? undefined : masterId,
        // In brackets: a slot on the move, which its own line still names.
        slots: slots.filter((slot) => !slot.startsWith('[')).map(slotRange),
      };
    });
}

function slotRange(text: string): [number, number] {
  const [from, to = from] = text.split('-').map(Number);
  return [from!, to!];
}
