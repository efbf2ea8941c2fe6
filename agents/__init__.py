"""What runs on each PC: a fact is a probe and a parse, or an honest reason why not."""

from __future__ import annotations

VERSION = "0.1.0"
CATALOGUE_VERSION = 1
