#!/bin/sh
# Removes the agent of Rà Soát from this machine. With --purge its key and waiting reports go too.
set -eu
home=$home
[ "$$(id -u)" = 0 ] || { echo "Not root: run  sudo sh uninstall.sh" >&2; exit 3; }
[ -d "$$home/lib/agents" ] || { echo "There is no agent in $$home."; exit 0; }
for candidate in $pythons; do
    if [ -x "$$candidate" ]; then
        "$$candidate" -I -B "$$home/lib/agents/__main__.py" uninstall "$$@"
        rm -rf "$${home:?}"
        echo "Removed."
        exit 0
    fi
done
echo "No Python among: $pythons" >&2
exit 3
