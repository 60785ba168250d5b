// KEYS begin with those of `ownKeys`: fence, state, sessions, activity, open. Every key that a script touches is among them:
// else a cluster that moves a slot would let it begin and fail in the middle.

/**
 * Sets `fence` and `live` as stored, and `whole`: the partition exists and nothing of it is missing. Redis loses keys
 * one by one where somebody deletes them or lets it evict them, and a partition that lost its sessions must not go on
 * from its fence as if they had never been: it counts as absent, so that its owner makes it anew from rows.
 */
const LOOK = `
local fence, recorded = unpack(redis.call('HMGET', KEYS[1], 'fence', 'live'))
local live = redis.call('HLEN', KEYS[3])
local whole = fence and tonumber(recorded) == live and redis.call('ZCARD', KEYS[4]) == live
  and redis.call('EXISTS', KEYS[2]) == 1
`;

/** Length of an entry of the last argument of a commit: a field and its activity, 16 decimal digits. */
export const ACTIVITY_DIGITS = 16;

/**
 * Compares fences and, where they are equal, moves the sessions to the key `open`. Where no fence is expected, what is
 * left of an earlier life of the partition is removed.
 */
const BEGIN = `${LOOK}
local function begin()
  if ARGV[1] == '' then
    if whole then return 0 end
    for i = 2, #KEYS do redis.call('UNLINK', KEYS[i]) end
    live = 0
  elseif not whole or fence ~= ARGV[1] then
    return 0
  end
  redis.call('UNLINK', KEYS[5])
  if live > 0 then redis.call('RENAME', KEYS[3], KEYS[5]) end
  redis.call('HSET', KEYS[1], 'open', '1')
  return 1
end
`;

/**
 * Replaces evicted sessions by stubs and removes those without a version, sees to it that every live one is in the index, moves the sessions back and sets
 * state and fence. Undoes what came since, where `begin` has refused.
 *
 * Only sessions that are new get an entry in the index by activity: an instant before the last activity is mended when
 * idle sessions are looked for, at a fraction of what it costs to move each session with each commit.
 */
const FINISH = `
local function finish()
  local opened = redis.pcall('HDEL', KEYS[1], 'open')
  if opened ~= 1 then
    redis.call('UNLINK', KEYS[5])
    if type(opened) == 'table' then return opened end
    return 0
  end
  local stubs = tonumber(ARGV[4])
  for i = 1, stubs do
    local field = ARGV[3 + 2 * i]
    if redis.call('HDEL', KEYS[5], field) == 1 then redis.call('ZREM', KEYS[4], field) end
    if ARGV[4 + 2 * i] == '' then redis.call('HDEL', KEYS[5 + i], field)
    else redis.call('HSET', KEYS[5 + i], field, ARGV[4 + 2 * i]) end
  end
  local count = redis.call('HLEN', KEYS[5])
  local missing = count - redis.call('ZCARD', KEYS[4])
  local entries = ARGV[5 + 2 * stubs]
  local at = 1
  while missing > 0 and at < #entries do
    local batch = {}
    for i = 1, 100, 2 do
      if at > #entries then break end
      batch[i] = string.sub(entries, at + 20, at + 35)
      batch[i + 1] = string.sub(entries, at, at + 19)
      at = at + 36
    end
    missing = missing - redis.call('ZADD', KEYS[4], 'NX', unpack(batch))
  end
  if count > 0 then redis.call('RENAME', KEYS[5], KEYS[3]) end
  redis.call('SET', KEYS[2], ARGV[3])
  redis.call('HSET', KEYS[1], 'fence', ARGV[2], 'live', count)
  return 1
end
`;

/**
 * A commit of live sessions is one transaction: this, then the sessions as plain HSETs to the key `open`, then
 * `END_COMMIT`. Given to a script, each session would become two Lua strings first, which costs Redis two and a half times
 * as much. Nobody sees anything in between, and the HSETs of a commit that is refused here are thrown away there.
 *
 * Both take the same ARGV: the fence expected (empty for none), next fence, next state, number of stubs, field and version
 * of each stub, then the fields of all live sessions of the commit with their last activity in one string, those that are
 * probably new first. Here only the first is used. Behind the five, KEYS are one key of stubs per stub, then, where no
 * fence is expected, all keys of stubs.
 */
export const BEGIN_COMMIT = `${BEGIN} return begin()`;
export const END_COMMIT = `${FINISH} return finish()`;

/**
 * The same without live sessions. As a script alone it passes where memory is full and transactions do not: evicting
 * sessions is what makes room.
 */
export const COMMIT_WITHOUT_SESSIONS = `${BEGIN} ${FINISH}
if begin() == 0 then return 0 end
return finish()
`;

/** @returns fence and state; the fence alone where the partition is not whole; nothing where it never was. */
export const LOAD_PARTITION = `${LOOK}
if not fence then return {} end
if not whole then return {fence} end
return {fence, redis.call('GET', KEYS[2])}
`;

/**
 * ARGV: bytes after which to stop, then fields. KEYS end with a key of stubs per field.
 *
 * @returns the fence, then per field a packed live session, a version (8 bytes), or nil; fewer than asked for where the
 *   bytes did not suffice, but one at least. Nothing at all where the partition is absent.
 */
export const LOAD_SESSIONS = `${LOOK}
if not whole then return {} end
local answers = {fence}
local left = tonumber(ARGV[1])
for i = 2, #ARGV do
  local value = redis.call('HGET', KEYS[3], ARGV[i]) or redis.call('HGET', KEYS[4 + i], ARGV[i])
  answers[i] = value
  if value then
    left = left - #value
    if left <= 0 then break end
  end
end
return answers
`;

/** ARGV: an instant, a number. @returns entries of the index before that instant, the earliest first: field, instant, … */
export const LIST_ACTIVITY = `${LOOK}
if not whole then return {} end
return redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', '(' .. ARGV[1], 'WITHSCORES', 'LIMIT', 0, ARGV[2])
`;

/**
 * Mends entries of the index that lie before the last activity of their session.
 *
 * ARGV: bytes after which to stop, then fields.
 * @returns per field the last activity of its session as stored (8 bytes), or nil where it is not live; fewer than asked
 *   for where the bytes did not suffice, but one at least.
 */
export const REFRESH_ACTIVITY = `
-- Redis whose memory is full refuses a script before its first write and not behind it. Evicting makes room, so this
-- begins with a write that needs none.
redis.call('UNLINK', KEYS[5])
local answers = {}
local left = tonumber(ARGV[1])
for i = 2, #ARGV do
  local value = redis.call('HGET', KEYS[3], ARGV[i])
  if value then
    redis.call('ZADD', KEYS[4], 'XX', string.format('%.0f', (struct.unpack('<d', value, 6))), ARGV[i])
    answers[i - 1] = string.sub(value, 6, 13)
    left = left - #value
    if left <= 0 then break end
  else
    answers[i - 1] = false
  end
end
return answers
`;

/** KEYS end with some keys of stubs. @returns number of live sessions, bytes of the first five keys, bytes of the others. */
export const MEASURE = `${LOOK}
local function bytesOf(from, to)
  local sum = 0
  for i = from, to do
    local bytes = redis.pcall('MEMORY', 'USAGE', KEYS[i], 'SAMPLES', 20)
    if type(bytes) == 'number' then sum = sum + bytes end
  end
  return sum
end
return {whole and live or 0, bytesOf(1, 5), bytesOf(6, #KEYS)}
`;

/** KEYS end with all keys of stubs. */
export const DROP_PARTITION = `
for i = 1, #KEYS do redis.call('UNLINK', KEYS[i]) end
return 1
`;
