/** Three copies survive the loss of one broker without losing the write quorum. */
const REPLICAS = 3;

export interface ReplicationFacts {
  /** `KAFKA_REPLICATION_FACTOR`; undefined: `auto`. */
  readonly configured: number | undefined;
  /** That are up. */
  readonly brokers: number;
  /** Copies that the topic has; undefined: there is none yet. */
  readonly existing: number | undefined;
}

export interface Replication {
  /** The topic is made with so many copies, and must have as many. */
  readonly replicationFactor: number;
  readonly minInsyncReplicas: number;
  /** The topic is used as it is, though the cluster could keep so many copies. */
  readonly couldHave?: number;
}

/**
 * How many copies of the topic there are to be.
 *
 * A number that was configured is a demand. `auto` means as many as there are brokers, three at most, when the topic is
 * made; afterwards what it has is taken as it is, whether brokers have been added since or are down: a start must not fail
 * for that, and moving a topic's data about is for its operator to decide.
 */
export function chooseReplication({ configured, brokers, existing }: ReplicationFacts): Replication {
  const possible = Math.max(1, Math.min(REPLICAS, brokers));
  const replicationFactor = configured ?? existing ?? possible;
  // One copy may be missing without events having to wait.
  const minInsyncReplicas = replicationFactor >= REPLICAS ? replicationFactor - 1 : 1;
  const isBelow = configured === undefined && replicationFactor < possible;
  return { replicationFactor, minInsyncReplicas, ...(isBelow && { couldHave: possible }) };
}
