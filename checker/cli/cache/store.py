"""The folder `.checker_cache`: results by key, in one file for each command with its options.

A cloned repository may bring such a folder. Each file therefore begins with a message
authentication code (HMAC-SHA256) under a key of the user, which is kept outside of any repository.
A file without the right code is as good as none, and is not parsed. Files are JSON and are replaced
at once, so that commands can run at the same time. Where anything can't be read or written,
commands work without.
"""

from __future__ import annotations

import hmac
import json
import os
import re
import secrets
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

FOLDER = ".checker_cache"
MAX_BYTES = 1 << 24  # of one file
MAX_FILES = 16
_LINES = {
    ".gitignore": b"*\n",
    # https://bford.info/cachedir/: backups and the like leave the folder out
    "CACHEDIR.TAG": b"Signature: 8a477f597d28d172789f06886806bc55\n# a cache of returns-checker\n",
}
_NAME = re.compile(r"[0-9a-f]{32}\.json")
_SCRATCH = re.compile(r"\.[0-9a-f]{16}\.tmp")
_KEY_BYTES = 32
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


@dataclass(slots=True)
class ResultStore:
    """The results of one command with its options.

    Attributes:
        folder: the folder `.checker_cache`.
        name: the name of the file in it.
        secret: the user's key.
        results: JSON values by key, the most recently used last.
    """

    folder: Path
    name: str
    secret: bytes
    results: dict[str, Any] = field(default_factory=dict)
    _changed: bool = False

    def get(self, key: str) -> Any:
        """Return the result, None where there is none."""
        result = self.results.pop(key, None)
        if result is not None:
            self.results[key] = result
        return result

    def put(self, key: str, result: Any) -> None:
        """Keep a result, a JSON value."""
        self.results.pop(key, None)
        self.results[key] = result
        self._changed = True

    def save(self) -> None:
        """Write the results, if any is new; those not used for the longest go where it is full."""
        with suppress(OSError):
            if self._changed:
                self._write()
                self._changed = False
            elif self.results:
                os.utime(self.folder / self.name)

    def _write(self) -> None:
        lines: list[bytes] = []
        size = 0
        for key in reversed(self.results):
            lines.append(json.dumps([key, self.results[key]]).encode())
            size += len(lines[-1]) + 2
            if size > MAX_BYTES - 1024:
                lines.pop()
                break
        payload = b"[" + b",\n".join(reversed(lines)) + b"]"
        self.folder.mkdir(exist_ok=True)
        folder = _opened_folder(self.folder)
        try:
            for name, content in _LINES.items():
                _replace(folder, name, content)
            _replace(folder, self.name, self._code(payload) + b"\n" + payload)
            _remove_oldest(folder)
        finally:
            os.close(folder)

    def _code(self, payload: bytes) -> bytes:
        """Return the authentication code of what the file of this name may say."""
        message = self.name.encode() + b"\n" + payload
        return hmac.new(self.secret, message, sha256).hexdigest().encode()

    def load(self) -> None:
        """Read the results that are kept; none where the file is not this user's own."""
        with suppress(OSError, ValueError, RecursionError):
            folder = _opened_folder(self.folder)
            try:
                content = _read(folder, self.name, MAX_BYTES)
            finally:
                os.close(folder)
            code, _, payload = content.partition(b"\n")
            if hmac.compare_digest(code, self._code(payload)):
                self.results = dict(json.loads(payload))


def open_store(folder: Path, name: str) -> ResultStore | None:
    """Return the results in the folder, None where there can't be any on this system."""
    if os.open not in os.supports_dir_fd:
        return None
    secret = _secret()
    if secret is None:
        return None
    store = ResultStore(folder, name, secret)
    store.load()
    return store


def clear(folder: Path) -> int:
    """Remove what `save` wrote into the folder, and the folder if nothing else is in it.

    Returns:
        How many files with results were removed.

    Raises:
        OSError: something can't be removed.
    """
    if not folder.is_dir() or folder.is_symlink():
        return 0
    opened, count = _opened_folder(folder), 0
    try:
        for name in os.listdir(opened):
            if _NAME.fullmatch(name) or _SCRATCH.fullmatch(name) or name in _LINES:
                os.unlink(name, dir_fd=opened)
                count += bool(_NAME.fullmatch(name))
    finally:
        os.close(opened)
    with suppress(OSError):
        folder.rmdir()
    return count


def _opened_folder(folder: Path) -> int:
    """Return a descriptor of the folder, which no link may stand for."""
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | _NO_LINK)


def _read(folder: int | None, name: str, limit: int) -> bytes:
    """Return the content of a regular file of at most `limit` bytes."""
    descriptor = os.open(name, os.O_RDONLY | _NO_LINK, dir_fd=folder)
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError("no regular file")
        content = file.read(limit + 1)
    if len(content) > limit:
        raise OSError("too large")
    return content


def _replace(folder: int, name: str, content: bytes) -> None:
    """Write a file of the folder, whole or not at all."""
    scratch = f".{secrets.token_hex(8)}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK
    try:
        with open(os.open(scratch, flags, 0o600, dir_fd=folder), "wb") as file:
            file.write(content)
        os.replace(scratch, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(OSError):
            os.unlink(scratch, dir_fd=folder)
        raise


def _remove_oldest(folder: int) -> None:
    """Remove the files that were not used for the longest, beyond MAX_FILES."""
    used = {
        name: os.stat(name, dir_fd=folder, follow_symlinks=False).st_mtime
        for name in os.listdir(folder)
        if _NAME.fullmatch(name)
    }
    for name in sorted(used, key=lambda name: used[name], reverse=True)[MAX_FILES:]:
        with suppress(OSError):
            os.unlink(name, dir_fd=folder)


def _secret() -> bytes | None:
    """Return the user's key, made where there is none; None where it can't be kept or trusted."""
    with suppress(OSError, RuntimeError):
        stated = Path(os.environ.get("XDG_STATE_HOME", ""))
        state = stated if stated.is_absolute() else Path.home() / ".local" / "state"
        path = state / "returns-checker" / "cache-key"
        with suppress(FileNotFoundError):
            return _own_secret(path)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = _opened_folder(path.parent)
        scratch = f".{secrets.token_hex(8)}.tmp"
        try:
            _replace(folder, scratch, secrets.token_bytes(_KEY_BYTES))
            with suppress(FileExistsError):  # another process was first
                os.link(scratch, path.name, src_dir_fd=folder, dst_dir_fd=folder)
            os.unlink(scratch, dir_fd=folder)
        finally:
            os.close(folder)
        return _own_secret(path)
    return None


def _own_secret(path: Path) -> bytes | None:
    """Return the key in the file, which must be readable by this user alone."""
    status = os.lstat(path)
    if status.st_uid != os.getuid() or stat.S_IMODE(status.st_mode) & 0o077:
        return None
    secret = _read(None, str(path), _KEY_BYTES)
    return secret if len(secret) == _KEY_BYTES else None
