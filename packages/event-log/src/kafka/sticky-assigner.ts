import kafkajs, { type PartitionAssigner } from 'kafkajs';

/** What a member says when it joins: the partitions it has, and since when (epoch ms). */
export type Held = ReadonlyMap<number, number>;

export interface GroupMembership {
  readonly memberId: string;
  readonly held: Held;
}

/**
 * Leaves every partition where it is as far as the members' shares stay within one of each other: a member that comes
 * or goes moves its share and no more. kafkajs's own assigner deals all of them anew at each change.
 *
 * @param held what this member has at the moment, asked at each join.
 */
export function stickyAssigner(held: () => Held): PartitionAssigner {
  const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol;
  return ({ cluster }) => ({
    name: 'throughline-sticky',
    version: VERSION,
    protocol: ({ topics }) => ({
      name: 'throughline-sticky',
      metadata: MemberMetadata.encode({ version: VERSION, topics, userData: encodeHeld(held()) }),
    }),
    assign: async ({ members, topics }) => {
      const memberships = members.map(({ memberId, memberMetadata }) => ({
        memberId,
        held: decodeHeld(MemberMetadata.decode(memberMetadata)?.userData),
      }));
      // One topic: the log's.
      const [topic = ''] = topics;
      const partitions = cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId);
      return [...assignSticky(memberships, partitions)].map(([memberId, assigned]) => ({
        memberId,
        memberAssignment: MemberAssignment.encode({
          version: VERSION,
          assignment: { [topic]: assigned },
          userData: Buffer.alloc(0),
        }),
      }));
    },
  });
}

const VERSION = 1;

/**
 * Everyone gets ⌊partitions / members⌋ or one more. Of what a member has, it keeps as much as that allows; of a
 * partition that two claim (one was away and does not know yet), the later holder does.
 *
 * @returns every member, with its partitions ascending; every partition once. The same for the same input in any order.
 */
export function assignSticky(
  members: readonly GroupMembership[],
  partitions: readonly number[],
): ReadonlyMap<string, number[]> {
  const ids = members.map(({ memberId }) => memberId).sort();
  const assigned = new Map(ids.map((id) => [id, [] as number[]]));
  if (ids.length === 0) return assigned;
  const least = Math.floor(partitions.length / ids.length);
  let larger = partitions.length % ids.length;

  const claims = claimsOf(members, new Set(partitions));
  const free = new Set(partitions);
  // Those that have most come first: one share more goes to them, so that fewer partitions move.
  const byClaims = [...ids].sort((a, b) => (claims.get(b)?.length ?? 0) - (claims.get(a)?.length ?? 0));
  for (const id of byClaims) {
    const claimed = claims.get(id) ?? [];
    const share = claimed.length > least && larger > 0 ? least + 1 : least;
    if (share > least) larger--;
    for (const partition of claimed.slice(0, share)) {
      assigned.get(id)!.push(partition);
      free.delete(partition);
    }
  }
  const rest = [...free].sort((a, b) => a - b);
  for (const id of ids) while (assigned.get(id)!.length < least) assigned.get(id)!.push(rest.shift()!);
  for (const id of ids) {
    if (rest.length > 0 && assigned.get(id)!.length === least) assigned.get(id)!.push(rest.shift()!);
  }
  for (const mine of assigned.values()) mine.sort((a, b) => a - b);
  return assigned;
}

function claimsOf(members: readonly GroupMembership[], known: ReadonlySet<number>): ReadonlyMap<string, number[]> {
  const holders = new Map<number, { memberId: string; since: number }>();
  for (const { memberId, held } of members) {
    for (const [partition, since] of held) {
      const other = holders.get(partition);
      const isLater = !other || since > other.since || (since === other.since && memberId < other.memberId);
      if (known.has(partition) && isLater) holders.set(partition, { memberId, since });
    }
  }
  const claims = new Map<string, number[]>();
  for (const [partition, { memberId }] of [...holders].sort(([a], [b]) => a - b)) {
    const claimed = claims.get(memberId);
    if (claimed) claimed.push(partition);
    else claims.set(memberId, [partition]);
  }
  return claims;
}

function encodeHeld(held: Held): Buffer {
  return Buffer.from(JSON.stringify([...held]));
}

/** A member of another version may say it otherwise: then it has nothing to keep. */
function decodeHeld(userData: Buffer | null | undefined): Held {
  try {
    const pairs: unknown = JSON.parse(userData?.toString() || '[]');
    if (!Array.isArray(pairs) || !pairs.every(isPair)) return new Map();
    return new Map(pairs);
  } catch {
    return new Map();
  }
}

function isPair(value: unknown): value is [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'number');
}
