"""``python -m agents``: the same as ``rasoat-agent``.

Started as a file (``python -I -S …/agents/__main__.py``, as the scheduled task does), it adds the
folder that holds ``agents`` to the path of an isolated interpreter, and no other.
"""

from __future__ import annotations

import sys

if __name__ == "__main__" and not __package__:
    import os

    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from agents.cli import main

if __name__ == "__main__":
    import gc

    gc.disable()  # a run ends before its garbage matters; looking for it costs 3 ms
    sys.exit(main())
