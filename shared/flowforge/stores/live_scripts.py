"""The Lua of :mod:`flowforge.stores.live`: each script is one step that happens whole or not at all.

Keys are made inside the scripts, so they are for one Redis or Valkey and not for a cluster of them.
"""

from __future__ import annotations

FEED = "ff:live:feed"
CHANNEL = "ff:live:channel:"
PENDING = "ff:live:pending:"
DUE = "ff:live:due"
SEEN = "ff:live:seen:"
CHANGES = "flowforge:data:"
TERMS = "ff:live:terms"
TERMS_USED = "ff:live:terms:used"
TERMS_EDITION = "ff:live:terms:edition"

FEED_ENTRIES = 20_000
CHANNEL_ENTRIES = 256
KEPT_SECONDS = 3_600
"""How long after its last message a channel can be resumed."""
SEEN_SECONDS = 300
"""How long an event that comes again is known; a broker tries again within seconds."""
TERMS_SECONDS = KEPT_SECONDS + 600
"""How long after their last viewer terms are matched with changes: longer than anybody can resume."""
MOST_TERMS = 5_000

_NOW = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
"""

# Ids of the feed only ever rise, unless somebody removed the feed and turned the clock back: then a
# channel's own ids are ahead, and it begins anew rather than block every later message.
_PUBLISH = f"""
local function publish(channel, message, keep)
  local id = redis.call('XADD', '{FEED}', 'MAXLEN', '~', {FEED_ENTRIES}, '*', 'c', channel, 'm', message)
  if keep then
    local key = '{CHANNEL}' .. channel
    local added = redis.pcall('XADD', key, 'MAXLEN', '~', {CHANNEL_ENTRIES}, id, 'm', message)
    if type(added) == 'table' and added.err then
      redis.call('DEL', key)
      redis.call('XADD', key, id, 'm', message)
    end
    redis.call('EXPIRE', key, {KEPT_SECONDS})
  end
  return id
end
"""

COMMIT = f"""
-- ARGV: the window in milliseconds; as JSON the events of a batch and what they touch, which many of them share.
-- Answers how many events were new.
{_NOW}
{_PUBLISH}
local batch = cjson.decode(ARGV[2])
local counts, fresh = {{}}, 0
for _, event in ipairs(batch.events) do
  if redis.call('SET', '{SEEN}' .. event.key, '1', 'NX', 'EX', {SEEN_SECONDS}) then
    fresh = fresh + 1
    counts[event.touches] = (counts[event.touches] or 0) + 1
    for _, message in ipairs(event.messages) do publish(message[1], message[2], message[3]) end
  end
end
local stale = {{}}
for number, count in pairs(counts) do
  local touched = batch.touched[number]
  for _, tbl in ipairs(touched.tables) do redis.call('INCRBY', '{CHANGES}' .. tbl, count) end
  for _, each in ipairs(touched.stale) do
    local known = stale[each[1]]
    if known then
      for _, widget in ipairs(each[2]) do known[#known + 1] = widget end
    else
      stale[each[1]] = each[2]
    end
  end
end
for channel, widgets in pairs(stale) do
  for first = 1, #widgets, 500 do
    redis.call('SADD', '{PENDING}' .. channel, unpack(widgets, first, math.min(first + 499, #widgets)))
  end
  redis.call('ZADD', '{DUE}', 'NX', now + tonumber(ARGV[1]), channel)
end
return fresh
"""
"""Count the changes of tables, open windows, publish messages – for each event that was not seen before."""

FLUSH = f"""
-- Answers how many windows were closed, and the milliseconds until the next one ends (-1: there is none).
{_NOW}
{_PUBLISH}
local due = redis.call('ZRANGEBYSCORE', '{DUE}', '-inf', now, 'LIMIT', 0, 200)
for _, channel in ipairs(due) do
  local widgets = redis.call('SMEMBERS', '{PENDING}' .. channel)
  redis.call('DEL', '{PENDING}' .. channel)
  redis.call('ZREM', '{DUE}', channel)
  if #widgets > 0 then
    table.sort(widgets)
    publish(channel, cjson.encode({{type = 'invalidate', widget_ids = widgets}}), true)
  end
end
local next = redis.call('ZRANGE', '{DUE}', 0, 0, 'WITHSCORES')
if #next == 0 then return {{#due, -1}} end
return {{#due, math.max(0, tonumber(next[2]) - now)}}
"""
"""Close the windows that have ended: what each gathered becomes one message of its channel."""

KEEP_TERMS = f"""
-- ARGV: names and texts in turn. Terms that nobody used for long are forgotten, and the oldest beyond the most.
{_NOW}
local changed = 0
for place = 1, #ARGV, 2 do
  changed = changed + redis.call('HSET', '{TERMS}', ARGV[place], ARGV[place + 1])
  redis.call('ZADD', '{TERMS_USED}', now, ARGV[place])
end
local function forget(names)
  if #names > 0 then
    redis.call('HDEL', '{TERMS}', unpack(names))
    redis.call('ZREM', '{TERMS_USED}', unpack(names))
    changed = changed + 1
  end
end
forget(redis.call('ZRANGE', '{TERMS_USED}', '-inf', now - {TERMS_SECONDS * 1_000}, 'BYSCORE', 'LIMIT', 0, 500))
local beyond = redis.call('ZCARD', '{TERMS_USED}') - {MOST_TERMS}
if beyond > 0 then forget(redis.call('ZRANGE', '{TERMS_USED}', 0, math.min(beyond, 500) - 1)) end
if changed > 0 then redis.call('INCR', '{TERMS_EDITION}') end
return changed
"""
"""Keep terms as used now; their edition rises where they are others than before."""
