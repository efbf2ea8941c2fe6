"""The entry point ``rasoat``: checks that this Python can run it, then hands over."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; 0 compliant, 1 not, 2 bad input, 3 not carried out (DESIGN §9)."""
    if sys.version_info < (3, 11):
        sys.stderr.write(
            "rasoat: the server's side needs Python 3.11 or newer; "
            "on this machine only rasoat-agent can run\n"
        )
        return 3
    try:
        from rasoat.cli import run
    except ModuleNotFoundError as fault:
        sys.stderr.write(
            f"rasoat: {fault.name} is not installed; install the server's side: "
            'pip install "rasoat[server]"\n'
        )
        return 3
    return run()


if __name__ == "__main__":
    sys.exit(main())
