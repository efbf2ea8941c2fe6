#!/bin/sh
exec /usr/bin/python3 -I -B /usr/lib/rasoat-agent/agents/__main__.py "$$@"
