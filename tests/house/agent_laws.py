"""What a file of the agent does beyond reading: every such use, found in its syntax tree.

A use is a law and a thing: ("os", "unlink"), ("open", "wb"), ("import", "ctypes"). What is harmless
everywhere is named here; everything else needs a home, with the reason, in test_agent_reads_only.
Names of watched modules may only stand before a dot, so that no other name reaches what is in them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


WATCHED = {"builtins", "ctypes", "importlib", "os", "shutil", "socket", "subprocess", "sys"}
HARMLESS_IMPORTS = words(
    "base64 binascii calendar collections datetime email.utils errno fnmatch gc hashlib ipaddress"
    " json math ntpath os posixpath plistlib random re select shlex socket ssl stat string struct"
    " _thread sys time types typing xml.parsers.expat zlib"
    " nacl nacl.exceptions nacl._sodium __future__"
)
HARMLESS = {
    "os": words(
        "DirEntry O_RDONLY X_OK R_OK access close fstat geteuid getpid linesep listdir lstat name"
        " path read readlink scandir sep stat stat_result statvfs strerror uname urandom walk"
        " cpu_count sched_getaffinity getpriority PRIO_PROCESS"
    ),
    "socket": words(
        "AF_INET AF_INET6 AF_NETLINK AF_UNIX AF_UNSPEC IPPROTO_TCP SOCK_CLOEXEC SOCK_DGRAM SOCK_RAW"
        " if_nameindex SOCK_STREAM TCP_NODELAY SHUT_RDWR SHUT_WR error gaierror gethostname"
        " AddressFamily inet_ntop inet_pton timeout"
    ),
    "sys": words(
        "argv byteorder executable exit maxsize platform prefix stderr stdin stdout version_info"
    ),
    "ctypes": words(""),
    "shutil": words(""),
    "builtins": words(""),
    "importlib": words("import_module"),  # what it may import is a law of its own
    "subprocess": words(""),
}
NAMES = words("eval exec compile __import__ breakpoint globals locals vars setattr delattr")
DUNDERS = {"__doc__", "__file__", "__init__", "__name__", "__package__", "__exit__", "__enter__"}
#: Attributes of whatever object by which a program listens, or ctypes loads a library.
LISTENING = words("accept bind listen create_server sendto serve_forever")
LOADING = words("CDLL OleDLL PyDLL WinDLL LoadLibrary cdll oledll pydll windll pythonapi")
#: What begins a Windows function that only asks, or frees what was asked for.
ASKING = re.compile(
    r"(Get|Query|Open|Close|Lookup|Convert|GlobalMemoryStatus|RtlGet|LocalFree|NetApiBufferFree|Free"
    r"|NetGet|Net\w+(Get|GetInfo|GetMembers|Enum)|PSGet|SHCreateItemFrom|Sys(Alloc|Free)String"
    r"|Tbsi_Get|VariantClear|WTS(Get|Query)|WscGet|Co(Initialize|Uninitialize|Create|SetProxy))\w*"
)
#: winreg's functions that change a registry (and the names of Win32 for the same).
REGISTRY = re.compile(
    r"(Reg)?(Create|Delete|Load|Unload|Save|Replace|Restore|Set|Flush)(Key|Value|Tree|Hive)\w*"
    r"|(Disable|Enable)ReflectionKey|ConnectRegistry"
)
STARTER = "run_to_end"  #: what starts a program (`agents.programs`)
READ_MODES = {"r", "rb", "br", "rt"}


class Use(NamedTuple):
    """One use of something that is not harmless everywhere."""

    law: str
    thing: str
    line: int


def uses(text: str) -> list[Use]:
    """Every use in a file, by its source text."""
    tree = ast.parse(text)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    return [
        Use(law, thing, getattr(node, "lineno", 0))
        for node in ast.walk(tree)
        for law, thing in _found(node, parents)
    ]


def _found(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> Iterator[tuple[str, str]]:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from _imports(node)
    elif isinstance(node, ast.Name):
        yield from _names(node, parents)
    elif isinstance(node, ast.Attribute):
        yield from _attributes(node)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        if REGISTRY.fullmatch(node.value):
            yield "registry", node.value
    elif isinstance(node, ast.Call):
        yield from _calls(node)


def _imports(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.ImportFrom):
        module = node.module or "."
        if module.partition(".")[0] == "agents":
            names = [
                alias.name
                for alias in node.names
                if alias.name.startswith("_") or alias.name == STARTER
            ]
            yield from (("from", f"{module}.{name}") for name in names)
            return
        if module not in HARMLESS_IMPORTS:
            yield "import", module
        if module in WATCHED and module != "ctypes":
            yield from (("from", f"{module}.{alias.name}") for alias in node.names)
        return
    for alias in node.names:
        if alias.name.partition(".")[0] == "agents":
            continue
        if alias.name not in HARMLESS_IMPORTS:
            yield "import", alias.name
        if alias.asname and alias.name in WATCHED:
            yield "from", f"{alias.name} as {alias.asname}"


def _names(node: ast.Name, parents: dict[ast.AST, ast.AST]) -> Iterator[tuple[str, str]]:
    if node.id in NAMES or (node.id.startswith("__") and node.id not in DUNDERS):
        yield "name", node.id
    if node.id in WATCHED and not isinstance(parents[node], ast.Attribute):
        yield "bare", node.id
    if node.id == "open" and not isinstance(parents[node], ast.Call):
        yield "bare", "open"


def _attributes(node: ast.Attribute) -> Iterator[tuple[str, str]]:
    base = node.value.id if isinstance(node.value, ast.Name) else ""
    if base in WATCHED and node.attr not in HARMLESS[base] | DUNDERS:
        yield base, node.attr
    if node.attr.startswith("__") and node.attr not in DUNDERS:
        yield "name", node.attr
    if node.attr in LISTENING:
        yield "listen", node.attr
    if node.attr in LOADING:
        yield "load", node.attr
    if node.attr == STARTER:
        yield "start", "." + STARTER
    if REGISTRY.fullmatch(node.attr):
        yield "registry", node.attr


def _calls(node: ast.Call) -> Iterator[tuple[str, str]]:
    called = ast.unparse(node.func)
    yield from (
        ("process", word.arg) for word in node.keywords if word.arg in ("shell", "preexec_fn")
    )
    if called == "open":
        yield from _opened(node)
    elif called == "importlib.import_module":
        first = node.args[0]
        if not isinstance(first, ast.Constant):
            yield "import by name", "a name"
        elif first.value not in HARMLESS_IMPORTS:
            yield "import", str(first.value)
    elif called == "socket.socket":
        yield "socket", "of " + (ast.unparse(node.args[0]) if node.args else "any family")
    elif called.startswith("subprocess."):
        yield "process", "of " + (ast.unparse(node.args[0]) if node.args else "?")
    elif called.rpartition(".")[2] in (STARTER, "administer"):
        yield "start", ast.unparse(node.args[0]) if node.args else "?"
    elif called.rpartition(".")[2] == "function" and len(node.args) > 1:
        yield from _windows(node.args[1])


def _opened(node: ast.Call) -> Iterator[tuple[str, str]]:
    modes = [word.value for word in node.keywords if word.arg == "mode"] or node.args[1:2]
    for mode in modes:
        if not isinstance(mode, ast.Constant):
            yield "open", "a mode that is computed"
        elif mode.value not in READ_MODES:
            yield "open", str(mode.value)
    if any(word.arg in (None, "opener") for word in node.keywords):
        yield "open", "an opener"


def _windows(name: ast.expr) -> Iterator[tuple[str, str]]:
    if not isinstance(name, ast.Constant):
        yield "windows", "a name that is computed"
    elif not ASKING.fullmatch(str(name.value)):
        yield "windows", str(name.value)


def not_constant(text: str) -> list[str]:
    """Every word of the tables of programs that is not written out where it stands."""
    wrong = []
    tree = ast.parse(text)
    tables = [one for one in ast.walk(tree) if isinstance(one, (ast.Assign, ast.AnnAssign))]
    for node in (one for table in tables for one in ast.walk(table)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Command":
            values = [*node.args, *(word.value for word in node.keywords)]
            wrong += [ast.unparse(value) for value in values if not _constant(value)]
        elif isinstance(node, ast.Call) and table_of(node):
            wrong.append(ast.unparse(node))
    return wrong


def table_of(node: ast.Call) -> bool:
    """Whether a call could put something into a table that is not written there."""
    return ast.unparse(node.func).rpartition(".")[2] in (
        "dict",
        "update",
        "format",
        "getenv",
    )


def _constant(value: ast.expr) -> bool:
    """A literal, a tuple of literals, or a constant of the module by its name."""
    if isinstance(value, ast.Constant):
        return True
    if isinstance(value, ast.Starred):
        return _constant(value.value)
    if isinstance(value, ast.Tuple):
        return all(_constant(one) for one in value.elts)
    return isinstance(value, ast.Name) and value.id.isupper() and value.id.startswith("_")
