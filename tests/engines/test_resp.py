"""The client of Redis: each reply reaches whoever asked for it, or nobody."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import signal
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import hiredis
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from flowforge.stores.resp import BestEffort, Client, Script
from flowforge.stores.resp.address import Address, parse
from flowforge_local.engines import ENGINES, Endpoints, choose_ports, endpoints
from flowforge_local.engines.testing import start

pytestmark = pytest.mark.engines


class TLS(NamedTuple):
    """Both sides of an encrypted connection."""

    server: ssl.SSLContext
    client: ssl.SSLContext


Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture
async def client(engines: Endpoints) -> AsyncIterator[Client]:
    made = Client(parse(engines.redis_url), 5.0)
    yield made
    await made.aclose()


@asynccontextmanager
async def served(serve: Serve, patience: float = 5.0, tls: TLS | None = None) -> AsyncIterator[Client]:
    """A client of a server that answers as the test wants it to."""

    async def serving(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(serving, "127.0.0.1", ssl=tls and tls.server)
    port = server.sockets[0].getsockname()[1]
    made = Client(Address("127.0.0.1", port, tls=tls and tls.client), patience)
    try:
        yield made
    finally:
        await made.aclose()
        server.close()


async def commands(reader: asyncio.StreamReader) -> AsyncIterator[list[bytes]]:
    """The commands that arrive."""
    parser = hiredis.Reader()
    while data := await reader.read(1 << 16):
        parser.feed(data)
        while (found := parser.gets()) is not False:
            yield found


async def test_every_kind_of_reply(client: Client) -> None:
    huge = bytes(range(256)) * (1 << 16)
    assert await client("SET", "resp:huge", huge, "EX", 60) == b"OK"
    assert await client("GET", "resp:huge") == huge
    assert await client("MGET", "resp:huge", "resp:none") == [huge, None]
    assert await client("DEL", "resp:huge") == 1
    assert await client("GET", "resp:huge") is None
    with pytest.raises(hiredis.ReplyError, match="WRONGTYPE"):
        await asyncio.gather(client("SADD", "resp:set", "a"), client("GET", "resp:set"))
    assert await client("DEL", "resp:set") == 1


async def test_concurrent_commands_share_a_connection(client: Client) -> None:
    asked = [client("ECHO", f"{number}") for number in range(2_000)]
    assert await asyncio.gather(*asked) == [b"%d" % number for number in range(2_000)]
    assert await client("CLIENT", "LIST", "TYPE", "normal") is not None
    first = await client("CLIENT", "ID")
    assert await asyncio.gather(*[client("CLIENT", "ID") for _ in range(50)]) == [first] * 50


async def test_several_commands_in_one_round_trip(client: Client) -> None:
    asked = [("ECHO", "a"), ("SADD", "resp:all", "x"), ("SMEMBERS", "resp:all"), ("DEL", "resp:all")]
    assert await client.all(asked) == [b"a", 1, [b"x"], 1]
    assert await client.all([]) == []
    with pytest.raises(hiredis.ReplyError, match="unknown command"):
        await client.all([("ECHO", "a"), ("NOSUCH",), ("ECHO", "b")])
    assert await client("ECHO", "after") == b"after"


async def test_a_command_that_is_refused_leaves_the_others_their_replies(client: Client) -> None:
    found = await client.each([("ECHO", "a"), ("NOSUCH",), ("ECHO", "b")])
    assert (found[0], found[2]) == (b"a", b"b")
    assert isinstance(found[1], hiredis.ReplyError)
    assert await client.each([]) == []


async def test_nobody_comes_between_the_commands_of_a_transaction(client: Client) -> None:
    async def counted(times: int) -> list[int]:
        return await client.transaction([("INCR", "resp:count")] * times)

    first, other, second = await asyncio.gather(counted(50), client("INCR", "resp:count"), counted(50))
    for replies in (first, second):
        assert replies == list(range(replies[0], replies[0] + 50))
    assert other in (51, 101, 1)
    with pytest.raises(hiredis.ReplyError, match="WRONGTYPE"):
        await client.transaction([("SADD", "resp:count", "a"), ("DEL", "resp:count")])
    assert await client("EXISTS", "resp:count") == 0, "what is refused undoes nothing"
    with pytest.raises(hiredis.ReplyError, match="unknown command"):
        await client.transaction([("SET", "resp:count", "1"), ("NOSUCH",)])
    assert await client("EXISTS", "resp:count") == 0, "what is none is not begun"


async def test_a_waiter_that_leaves_takes_nobody_elses_reply(client: Client) -> None:
    await client("PING")
    for round_ in range(40):
        asked = [asyncio.ensure_future(client("ECHO", f"{round_}:{number}")) for number in range(30)]
        await asyncio.sleep(0)
        for number in range(round_ % 7, 30, 3):
            asked[number].cancel()
        found = await asyncio.gather(*asked, return_exceptions=True)
        for number, reply in enumerate(found):
            assert reply == f"{round_}:{number}".encode() or isinstance(reply, asyncio.CancelledError)
        assert sum(isinstance(each, bytes) for each in found) >= 19


async def test_a_first_asker_that_leaves_does_not_end_the_connecting(client: Client) -> None:
    first = asyncio.ensure_future(client("ECHO", "first"))
    second = asyncio.ensure_future(client("ECHO", "second"))
    await asyncio.sleep(0)
    first.cancel()
    assert await second == b"second"


async def test_scripts_are_sent_once_and_survive_a_flush(client: Client) -> None:
    script = Script("return {KEYS[1], ARGV[1], ARGV[2] + 1}")
    for _ in range(2):
        assert await client.run(script, ["resp:key"], "a", 41) == [b"resp:key", b"a", 42]
    await client("SCRIPT", "FLUSH")
    assert await client.run(script, ["resp:key"], "a", 1.5) == [b"resp:key", b"a", 2]
    with pytest.raises(hiredis.ReplyError, match="no such thing"):
        await client.run(Script("return redis.error_reply('no such thing')"), [])


async def test_a_wrong_password_is_refused_and_tells_nothing_of_it(engines: Endpoints) -> None:
    secret = parse(engines.redis_url).password
    assert secret is not None
    wrong = Client(parse(engines.redis_url.replace(secret, "wrong%20one")), 5.0)
    with pytest.raises(hiredis.ReplyError, match="WRONGPASS") as refused:
        await wrong("PING")
    assert secret not in str(refused.value)
    assert secret not in repr(parse(engines.redis_url))
    await wrong.aclose()
    without = Client(parse(engines.redis_url.replace(f":{secret}@", "")), 5.0)
    with pytest.raises(hiredis.ReplyError, match="NOAUTH"):
        await without("GET", "a")
    await without.aclose()


async def test_databases_are_apart(engines: Endpoints, client: Client) -> None:
    other = Client(parse(f"{engines.redis_url}?db=3"), 5.0)
    await other("SET", "resp:place", "third", "EX", 60)
    assert await client("GET", "resp:place") is None
    assert await other("GET", "resp:place") == b"third"
    await other.aclose()


async def test_replies_in_pieces() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async for command in commands(reader):
            for byte in b"*2\r\n$%d\r\n%s\r\n:7\r\n" % (len(command[1]), command[1]):
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(0)

    async with served(serve) as client:
        asked = [client("ECHO", text) for text in ("a", "é", "")]
        assert await asyncio.gather(*asked) == [[text.encode(), 7] for text in ("a", "é", "")]


async def test_a_late_reply_reaches_nobody() -> None:
    """The second connection asks the same server, which answers the first one's command only then."""
    hold, connections = asyncio.Event(), 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        first = connections == 1
        async for command in commands(reader):
            if first:
                await hold.wait()
            writer.write(b"$%d\r\n%s\r\n" % (len(command[1]), command[1]))

    async with served(serve, patience=0.05) as client:
        asked = [client("ECHO", "tenant a"), client("ECHO", "tenant b")]
        found = await asyncio.gather(*asked, return_exceptions=True)
        assert [type(each) for each in found] == [TimeoutError, TimeoutError]
        hold.set()
        assert [await client("ECHO", f"{number}") for number in range(5)] == [b"%d" % n for n in range(5)]
        assert connections == 2


@pytest.mark.parametrize("reply", [b"+one\r\n+one too many\r\n", b"?what\r\n"])
async def test_a_server_that_breaks_the_protocol_is_left(reply: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async for _ in commands(reader):
            writer.write(reply)

    async with served(serve) as client:
        await asyncio.gather(client("PING"), return_exceptions=True)
        broken = client._connection
        assert broken is not None
        assert broken.closed
        await asyncio.gather(client("PING"), return_exceptions=True)
        assert client._connection is not broken


async def test_a_server_that_hangs_up_in_the_middle() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"$100\r\nhalf of")

    async with served(serve) as client:
        found = await asyncio.gather(client("GET", "a"), client("GET", "b"), return_exceptions=True)
        assert [type(each) for each in found] == [ConnectionResetError, ConnectionResetError]


async def test_closing_waits_for_what_is_due() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async for _ in commands(reader):
            await asyncio.sleep(0.02)
            writer.write(b"+done\r\n")

    async with served(serve) as client:
        await client("PING")
        asked = asyncio.ensure_future(client("PING"))
        await asyncio.sleep(0)
        await client.aclose()
        assert await asked == b"done"


async def test_valkey_is_killed_and_comes_back(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    spec = next(each for each in ENGINES if each.name == "valkey")
    choose_ports(home, {each.name: each for each in ENGINES})
    engine = start(home, (spec,))["valkey"]
    redis = BestEffort(Client(parse(endpoints(home).redis_url), 2.0), "gone")
    try:
        assert await redis("SET", "resp:kept", "1") == b"OK"
        engine.process.send_signal(signal.SIGKILL)
        engine.process.wait()
        assert [await redis("GET", "resp:kept") for _ in range(20)] == [None] * 20
        assert caplog.text.count("gone") == 1, "left alone after the first failure"
        engine = start(home, (spec,))["valkey"]
        redis._resting_until = 0.0
        assert await redis("SET", "resp:kept", "2") == b"OK"
    finally:
        await redis.aclose()
        engine.stop()


def certificate(file: Path, host: str) -> None:
    """Key and certificate of a server, in one file; it is its own authority."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    address = x509.IPAddress(ipaddress.ip_address(host))
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=True)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(secret + made.public_bytes(pem))


@pytest.mark.parametrize(
    ("host", "options", "reached"),
    [
        ("127.0.0.1", "?ssl_ca_certs={ca}", True),
        ("127.0.0.1", "", False),
        ("10.1.1.1", "?ssl_ca_certs={ca}", False),
        ("10.1.1.1", "?ssl_ca_certs={ca}&ssl_check_hostname=false", True),
        ("10.1.1.1", "?ssl_cert_reqs=none", True),
    ],
)
async def test_tls(tmp_path: Path, host: str, options: str, reached: bool) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async for command in commands(reader):
            writer.write(b"+%s\r\n" % command[0])

    certificate(tmp_path / "ca.pem", host)
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(tmp_path / "ca.pem")
    ours = parse(f"rediss://127.0.0.1/{options.format(ca=tmp_path / 'ca.pem')}").tls
    assert ours is not None
    async with served(serve, tls=TLS(server, ours)) as client:
        if reached:
            assert await client("PING") == b"PING"
        else:
            with pytest.raises(ssl.SSLCertVerificationError):
                await client("PING")


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("redis://", Address()),
        ("redis://u%40x:p%2Fw@h:1/2", Address("h", 1, None, "u@x", "p/w", 2)),
        ("redis://:secret@[::1]:6380?db=4", Address("::1", 6380, None, None, "secret", 4)),
        ("unix:///run/valkey.sock?db=1", Address(path="/run/valkey.sock", database=1)),
    ],
)
def test_addresses(url: str, address: Address) -> None:
    assert parse(url) == address


@pytest.mark.parametrize("url", ["http://h", "redis://h?ssl_cert_reqs=none", "rediss://h?sll_cert_reqs=none"])
def test_addresses_that_are_not_known(url: str) -> None:
    with pytest.raises(ValueError, match=r"known here|not the scheme"):
        parse(url)
