"""raw.* → checked, mapped to instruments, put into exchange days → normalized.*, or quarantine.* with a reason.

batch      many messages at once: what is plainly right by columns, the rest one by one
few        a handful of messages, one by one
judged     what became of them
rules      the columns' rules
steps      symbol mapping as of the time, calendar alignment
seen       which event ids were accepted before
journal    what this process remembers, in one SQLite file
publish    from the journal to the broker
loop       read, judge, remember, publish

**Counted, always.** In one transaction the journal takes the messages to publish, the offsets read, the ids seen
and the counts. So whenever this process is killed, every message of ``raw.*`` before the offset is
counted as exactly one of normalised, quarantined or recognised duplicate, and none after it.

**Published at least once, taken once.** What the journal holds is published in the order of its numbers (seq);
after a crash some of it again, which consumers skip by that number. A new epoch of the broker begins
with what some consumer has not confirmed.
"""
