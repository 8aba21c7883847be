"""``flowforge bench compile``: performance row 1, cold and warm compilation beside the peers."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.chains import SIZES, Chain, Shape, as_text, chain, document
from bench.measure import Contender, Row, Target, alternate
from bench.peers import Peers
from flowforge.compiler import compile_graph
from flowforge.graph import Graph, parse_graph
from flowforge.results.memo import PlanMemo, key_of
from samples.catalogue import CATALOGUE, FIRM

IBIS_AT_100 = 15
WARM_PER_100_NODES = 100e-6
LONG = 400
SLOW = {"sqlglot_optimize": 20}
"""Contenders that are only asked up to so many nodes: beyond, one round takes seconds."""

_PEERS = {
    "prql": "faster than PRQL",
    "ibis": "faster than ibis",
    "sqlglot_optimize": "faster than optimize()",
}
_FLOORS = ("sqlglot_builder",)
_CATALOG = CATALOGUE.visible_to(FIRM)
_seeds = itertools.count(2)


def rows(home: Path, rounds: int) -> list[Row]:
    """Everything measured; peers that are missing say so in the notes."""
    with Peers(home / "peers") as peers:
        found = [_cold(peers, nodes, "building", rounds) for nodes in SIZES]
        found.append(_cold(peers, SIZES[-1], "apart", rounds))
    return [*found, _linear(rounds), _edited(rounds), _warm(rounds)]


def _cold(peers: Peers, nodes: int, shape: Shape, rounds: int) -> Row:
    """Document → verified SQL with all reports, of a graph that the process has never seen."""
    contenders: dict[str, Contender] = {"ours": lambda _: _seconds(_compiled(_new(nodes, shape)))}
    for name in (*_PEERS, *_FLOORS):
        if nodes <= SLOW.get(name, nodes):
            contenders[name] = partial(_peer, peers, name, nodes, shape)
    contenders["text"] = lambda _: _seconds(partial(as_text, _new(nodes, shape)))
    medians, notes, ratios = alternate(contenders, rounds)
    targets = []
    for name, text in _PEERS.items():
        if name not in contenders:
            notes[name] = f"takes seconds at {nodes} nodes: left out"
        elif name == "ibis" and nodes == SIZES[-1]:
            targets.append(Target(f"≥ {IBIS_AT_100} × faster than ibis", name, 1 / IBIS_AT_100))
        else:
            targets.append(Target(text, name, 1.0))
    notes |= {name: reason for name, reason in peers.missing.items() if name not in medians}
    what = f"compile {nodes} nodes, cold" + (", formulas apart" if shape == "apart" else "")
    return Row(1, what, medians, targets, notes, ratios)


def _linear(rounds: int) -> Row:
    """Four times the nodes, at most a quarter more than four times the time."""
    sizes = {"ours": LONG, "a quarter of it": LONG // 4}
    contenders: dict[str, Contender] = {name: partial(_of_size, size) for name, size in sizes.items()}
    medians, notes, ratios = alternate(contenders, rounds)
    target = Target("linear: 4 × the nodes ≤ 5 × the time", "a quarter of it", 5.0)
    return Row(1, f"compile {LONG} nodes, cold", medians, [target], notes, ratios)


def _edited(rounds: int) -> Row:
    """One formula of a hundred nodes changed: what a person who builds a graph waits for."""
    made = chain(100, 1)

    def again(_: int) -> float:
        steps = list(made.steps)
        steps[-2] = _new(100).steps[-2]
        return _seconds(_compiled(Chain(tuple(steps), made.total)))

    medians, notes, ratios = alternate({"ours": again}, rounds)
    return Row(1, "compile 100 nodes, one changed", medians, (), notes, ratios)


def _warm(rounds: int) -> Row:
    """The plan of a graph that was compiled before, found by the content of one that was parsed just now."""
    made = chain(100, 1)
    graph, target = _parsed(made)
    memo, rest = PlanMemo(), (_CATALOG.version, None, None)
    memo.put(
        key_of(graph, target, FIRM, None, rest), compile_graph(graph, target, catalog=_CATALOG, access=FIRM)
    )

    def found() -> Callable[[], None]:
        again, target = _parsed(made)

        def find() -> None:
            assert memo.get(key_of(again, target, FIRM, None, rest)) is not None

        return find

    def many(_: int) -> float:
        return statistics.median([_seconds(found()) for _ in range(50)])

    medians, notes, ratios = alternate({"ours": many}, rounds)
    target_ = Target("≤ 100 µs per 100 nodes", seconds=WARM_PER_100_NODES)
    return Row(1, "compile 100 nodes, warm", medians, [target_], notes, ratios)


def _parsed(made: Chain) -> tuple[Graph, str]:
    graph, target = document(made)
    return parse_graph(graph), target


def _compiled(made: Chain) -> Callable[[], object]:
    graph, target = document(made)
    return lambda: compile_graph(parse_graph(graph), target, catalog=_CATALOG, access=FIRM)


def _of_size(nodes: int, _: int) -> float:
    return _seconds(_compiled(_new(nodes)))


def _peer(peers: Peers, name: str, nodes: int, shape: Shape, _: int) -> float:
    return peers.seconds(name, _new(nodes, shape))


def _new(nodes: int, shape: Shape = "building") -> Chain:
    """A chain with constants of its own: nothing that is remembered of another one serves it."""
    return chain(nodes, next(_seeds), shape)


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started
