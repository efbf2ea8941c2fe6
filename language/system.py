"""Why the operating system refused something, in words that can be spoken in a language."""

from __future__ import annotations

import errno
import os

from language.said import Said, said, verbatim

_USUAL = {
    errno.ENOENT: said("No such file or directory"),
    errno.EACCES: said("Permission denied"),
    errno.EPERM: said("Operation not permitted"),
    errno.EEXIST: said("File exists"),
    errno.ENOTDIR: said("Not a directory"),
    errno.EISDIR: said("Is a directory"),
    errno.ENOTEMPTY: said("Directory not empty"),
    errno.ENOSPC: said("No space left on device"),
    errno.EROFS: said("Read-only file system"),
    errno.ECONNREFUSED: said("Connection refused"),
    errno.EADDRINUSE: said("Address already in use"),
    errno.EADDRNOTAVAIL: said("Cannot assign requested address"),
    errno.ENETUNREACH: said("Network is unreachable"),
}


def reason(fault: OSError) -> Said:
    """What an operating system's error says; the usual ones in every language.

    Name servers and TLS number their errors otherwise: only the system's own text has its meaning.
    """
    number, text = fault.errno or 0, fault.strerror or str(fault)
    usual = _USUAL.get(number)
    return usual if usual is not None and text == os.strerror(number) else verbatim(text)
