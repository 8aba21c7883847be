"""The built web app: files of ``frontend/dist``, compressed once, with the app's own paths."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

APP_PATHS = ("/canvas", "/dashboards", "/runs", "/admin")
HASHED = "assets"
COMPRESSIBLE = ("text/", "application/javascript", "application/json", "image/svg+xml")
SMALLEST_COMPRESSED = 1024
NOT_BUILT = "The web app is not built. Run ./scripts/up, or `npm ci && npm run build` in frontend/.\n"


@dataclass(frozen=True)
class Asset:
    """A file in memory. ``version`` is its time and size on disk."""

    version: tuple[int, int]
    body: bytes
    compressed: bytes | None
    content_type: str
    etag: str


class StaticFiles:
    """Serves a folder; ``headers`` go with every answer."""

    def __init__(self, folder: Path, headers: dict[str, str]) -> None:
        self._folder = folder.resolve()
        self._headers = headers
        self._assets: dict[Path, Asset] = {}

    async def answer(self, request: web.Request) -> web.Response | None:
        """The file or the app's page for this path; None when it is neither."""
        path = self._path(request.path)
        if path is None:
            return None
        try:
            asset = await asyncio.to_thread(self._load, path)
        except FileNotFoundError:
            if path.name == "index.html":
                return web.Response(status=503, text=NOT_BUILT, headers={"Cache-Control": "no-store"})
            return None
        immutable = path.parent.name == HASHED
        caching = "public, max-age=31536000, immutable" if immutable else "no-cache"
        return self._response(request, asset, {"ETag": asset.etag, "Cache-Control": caching})

    async def page(self, request: web.Request, headers: Mapping[str, str]) -> web.Response:
        """The app's page with headers of its own in the place of the usual ones."""
        try:
            asset = await asyncio.to_thread(self._load, self._folder / "index.html")
        except FileNotFoundError:
            return web.Response(status=503, text=NOT_BUILT, headers={"Cache-Control": "no-store"})
        return self._response(request, asset, headers)

    def _path(self, path: str) -> Path | None:
        is_app = path == "/" or any(path == each or path.startswith(each + "/") for each in APP_PATHS)
        if is_app:
            return self._folder / "index.html"
        found = (self._folder / path.lstrip("/")).resolve()
        if found.is_relative_to(self._folder) and found.is_file():
            return found
        return None

    def _load(self, path: Path) -> Asset:
        status = path.stat()
        version = (status.st_mtime_ns, status.st_size)
        known = self._assets.get(path)
        if known is not None and known.version == version:
            return known
        body = path.read_bytes()
        content_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        if content_type == "text/javascript":
            content_type = "application/javascript"
        squeezed = content_type.startswith(COMPRESSIBLE) and len(body) >= SMALLEST_COMPRESSED
        asset = Asset(
            version,
            body,
            gzip.compress(body, 6, mtime=0) if squeezed else None,
            content_type,
            f'"{hashlib.sha256(body).hexdigest()[:24]}"',
        )
        self._assets[path] = asset
        return asset

    def _response(self, request: web.Request, asset: Asset, more: Mapping[str, str]) -> web.Response:
        headers = {**self._headers, **more}
        if asset.compressed is not None:
            headers["Vary"] = "Accept-Encoding"
        if "ETag" in headers and asset.etag in request.headers.get("If-None-Match", ""):
            return web.Response(status=304, headers=headers)
        body = asset.body
        if asset.compressed is not None and "gzip" in request.headers.get("Accept-Encoding", ""):
            body = asset.compressed
            headers["Content-Encoding"] = "gzip"
        text = asset.content_type.startswith(("text/", "application/j", "image/svg"))
        headers["Content-Type"] = asset.content_type + ("; charset=utf-8" if text else "")
        return web.Response(body=body, headers=headers)
