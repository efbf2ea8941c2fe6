"""Run by test_imports in a fresh Python: imports modules and prints what they did meanwhile.

Arguments: a root folder, then module names. Prints JSON: {"imported": [...], "did": [...]}. What a
third-party package does when it is imported is its own affair; only the work that stands at module
level in a file under the root counts (a frame of ours named <module> is nearer than theirs).
"""

from __future__ import annotations

import importlib
import json
import sys
from types import FrameType

WORK = (
    *("open", "os.listdir", "os.scandir", "os.mkdir", "os.remove", "os.rename", "os.system"),
    *("os.exec", "os.fork", "os.posix_spawn", "os.spawn", "subprocess.Popen", "socket."),
    *("sqlite3.connect", "urllib.Request", "winreg.", "ctypes.dlopen", "tempfile.", "shutil."),
)
CODE = (".py", ".pyc", ".so", ".pyd", ".dll")

root = sys.argv[1]
did: list[str] = []


def guilty(frame: FrameType | None) -> str | None:
    """The file under the root whose module level is at work, or None if it is not ours."""
    while frame is not None:
        if frame.f_code.co_name == "<module>":
            name = frame.f_code.co_filename
            ours = name.startswith(root) and "site-packages" not in name and name != __file__
            return name if ours else None
        frame = frame.f_back
    return None


def watch(event: str, arguments: tuple[object, ...]) -> None:
    """Note what counts as work, unless the import machinery does it to find code."""
    if not event.startswith(WORK):
        return
    if event == "open" and str(arguments[0]).endswith(CODE):
        return
    caller = sys._getframe(1)
    if caller.f_code.co_filename.startswith("<frozen importlib"):
        return
    name = guilty(caller)
    if name is not None:
        did.append(f"{name[len(root) + 1 :]}: {event} {arguments[:1]!r}")


sys.path.insert(0, root)
sys.dont_write_bytecode = True
sys.addaudithook(watch)
imported = []
for module in sys.argv[2:]:
    importlib.import_module(module)
    imported.append(module)
sys.stdout.write(json.dumps({"imported": imported, "did": did}))
