"""The operating-system account that PostgreSQL runs as: it refuses to run as root.

An ordinary user runs it as themselves. Root hands it to a numeric user id without an account, so
that the server owns its data directory and nothing else on the machine.
"""

from __future__ import annotations

import os
import pwd
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

IDS = range(61184, 65520)
"""The range that systemd reserves for users made on the fly; no distribution gives them out."""
NAMED = "nobody"


@dataclass(frozen=True)
class Account:
    """Who runs a process; ``switch`` says whether root has to become them first."""

    uid: int
    gid: int
    switch: bool

    def popen(self) -> Mapping[str, Any]:
        """Keyword arguments that make ``subprocess`` run a program as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switch else {}

    def become(self) -> None:
        """Give this process to the account, for good."""
        if self.switch:
            os.setgroups([])
            os.setresgid(self.gid, self.gid, self.gid)
            os.setresuid(self.uid, self.uid, self.uid)

    def own(self, tree: Path) -> None:
        """Give a directory and everything in it to the account."""
        if not self.switch:
            return
        os.chown(tree, self.uid, self.gid)
        for directory, names, files in os.walk(tree):
            for name in (*names, *files):
                os.chown(os.path.join(directory, name), self.uid, self.gid, follow_symlinks=False)

    def can_enter(self, path: Path) -> bool:
        """Whether the account can enter a directory, or execute a file; tried in a child that became it."""
        if not self.switch:
            return os.access(path, os.X_OK)
        child = os.fork()
        if child == 0:
            try:
                self.become()
                os._exit(0 if os.access(path, os.X_OK) else 1)
            except BaseException:  # a forked child may only leave
                os._exit(2)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def server_account(place: Path) -> Account:
    """Account of the server: the owner of ``place`` where it has one of its own, else a new one."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switch=False)
    if place.exists():
        owner = place.stat()
        if owner.st_uid not in (0, pwd.getpwnam(NAMED).pw_uid):
            return Account(owner.st_uid, owner.st_gid, switch=True)
    known = {entry.pw_uid for entry in pwd.getpwall()}
    uid = secrets.choice([uid for uid in IDS if uid not in known])
    return Account(uid, uid, switch=True)


def setup_account(server: Account) -> Account:
    """Account for ``initdb`` and the single-user server, which insist on a user with a name.

    They run before the server does, and the files are handed over afterwards.
    """
    if not server.switch:
        return server
    named = pwd.getpwnam(NAMED)
    return Account(named.pw_uid, named.pw_gid, switch=True)
