"""HTTP content codings of requests and answers: lz4, zstd, gzip, deflate and none.

clickhouse-connect compresses every block of an insert by itself, so a body is a *sequence* of lz4
or zstd frames: a decoder that stops at the end of the first would lose the rest without an error.
"""

from __future__ import annotations

import zlib
from typing import Protocol

from flowforge_local.engines.clickhouse.errors import INCORRECT_DATA, NOT_IMPLEMENTED, ClickHouseError


class Decoder(Protocol):
    """Decodes a body piece by piece."""

    def feed(self, data: bytes) -> bytes:
        """Decode what has arrived."""

    def finish(self) -> None:
        """Raise where the body ended in the middle of a frame."""


class _Frames:
    """Decodes a sequence of frames; a subclass makes the decoder of one frame."""

    def __init__(self) -> None:
        self._frame = self._new()
        self._inside = False

    def _new(self) -> _Frame:
        raise NotImplementedError

    def feed(self, data: bytes) -> bytes:
        decoded = []
        while data:
            self._inside = True
            try:
                decoded.append(self._frame.decompress(data))
            except (RuntimeError, ValueError, OSError, zlib.error) as error:
                raise ClickHouseError(
                    INCORRECT_DATA, f"Cannot decompress the request body: {error}"
                ) from None
            data = b""
            if self._frame.eof:
                data = self._frame.unused_data or b""
                self._frame = self._new()
                self._inside = False
        return b"".join(decoded)

    def finish(self) -> None:
        if self._inside:
            raise ClickHouseError(INCORRECT_DATA, "The compressed request body ends in the middle of a frame")


class _Frame(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes | None: ...
    def decompress(self, data: bytes) -> bytes: ...


class _Lz4(_Frames):
    def _new(self) -> _Frame:
        import lz4.frame  # type: ignore[import-untyped]

        frame: _Frame = lz4.frame.LZ4FrameDecompressor()
        return frame


class _Zstd(_Frames):
    def _new(self) -> _Frame:
        import zstandard

        frame: _Frame = zstandard.ZstdDecompressor().decompressobj()
        return frame


class _Zlib(_Frames):
    def __init__(self, window: int) -> None:
        self._window = window
        super().__init__()

    def _new(self) -> _Frame:
        return zlib.decompressobj(self._window)


class _Identity:
    def feed(self, data: bytes) -> bytes:
        return data

    def finish(self) -> None:
        return None


def decoder(coding: str) -> Decoder:
    """Decoder for a Content-Encoding.

    Raises:
        ClickHouseError: the coding is not known.

    """
    match coding.strip().lower():
        case "" | "identity":
            return _Identity()
        case "lz4":
            return _Lz4()
        case "zstd":
            return _Zstd()
        case "gzip" | "x-gzip":
            return _Zlib(zlib.MAX_WBITS | 16)
        case "deflate":
            return _Zlib(zlib.MAX_WBITS)
        case other:
            raise ClickHouseError(NOT_IMPLEMENTED, f"Content-Encoding {other!r} is not supported")


class Encoder(Protocol):
    """Encodes an answer piece by piece, as one frame."""

    def compress(self, data: bytes) -> bytes:
        """Encode a piece."""

    def flush(self) -> bytes:
        """End the frame."""


class _Lz4Encoder:
    def __init__(self) -> None:
        import lz4.frame

        self._frame = lz4.frame.LZ4FrameCompressor()
        self._head: bytes = self._frame.begin()

    def compress(self, data: bytes) -> bytes:
        head, self._head = self._head, b""
        piece: bytes = self._frame.compress(data)
        return head + piece

    def flush(self) -> bytes:
        head, self._head = self._head, b""
        tail: bytes = self._frame.flush()
        return head + tail


class _NoEncoder:
    def compress(self, data: bytes) -> bytes:
        return data

    def flush(self) -> bytes:
        return b""


def encoder(accepted: str) -> tuple[str, Encoder]:
    """First supported coding of an Accept-Encoding header, and its encoder; ``""`` for none."""
    for item in accepted.split(","):
        match item.partition(";")[0].strip().lower():
            case "lz4":
                return "lz4", _Lz4Encoder()
            case "zstd":
                import zstandard

                return "zstd", zstandard.ZstdCompressor(level=1).compressobj()
            case "gzip":
                return "gzip", zlib.compressobj(level=1, wbits=zlib.MAX_WBITS | 16)
            case "deflate":
                return "deflate", zlib.compressobj(level=1)
    return "", _NoEncoder()
