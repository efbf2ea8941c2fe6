"""The command line as a person calls it, and one data folder that `up` has brought to life."""

import contextlib
import io
import socket
from dataclasses import dataclass
from pathlib import Path

import pytest

from rasoat.cli import run


@dataclass
class Done:
    code: int
    out: str
    err: str


def called(*arguments: object) -> Done:
    """Run `rasoat` in this process, its two streams kept apart."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run([str(argument) for argument in arguments])
    texts = [stream.buffer.getvalue().decode() for stream in (out, err)]
    return Done(code, *texts)


def up(folder: Path, *options: object) -> Done:
    """`rasoat up --once` on a port of its own: tests run side by side."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return called("--data", folder, *options, "up", "--once", "--port", port)


@pytest.fixture(scope="session")
def lively(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with this machine's real report in it; tests read it, or copy it."""
    folder = tmp_path_factory.mktemp("office") / "dữ liệu"
    done = up(folder, "--lang", "en")
    assert done.code in {0, 1}, done.err
    return folder
