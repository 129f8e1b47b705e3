#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: peers_setup.sh FOLDER PEER
# Makes the virtual environment FOLDER/PEER with what tools/peers/requirements_PEER.txt pins, unless
# it is there. pip's own settings (mirrors, wheels, caches) are used as they are.
set -euo pipefail
here=$(dirname "$0") folder=$1 peer=$2
wanted=$here/requirements_$peer.txt
if [ ! -f "$wanted" ]; then
  echo "make peers: PEERS: there is no '$peer': $(cd "$here" && ls requirements_*.txt |
    sed 's/requirements_\(.*\)\.txt/\1/' | paste -sd' ')" >&2
  exit 2
fi
if cmp -s "$wanted" "$folder/$peer/installed.txt"; then exit 0; fi

mkdir -p "$folder"
rm -rf "${folder:?}/$peer"
echo "installing $peer into $folder/$peer (once; log: $folder/$peer.log)"
if ! python3 -m venv "$folder/$peer" > "$folder/$peer.log" 2>&1; then
  echo "make peers: no virtual environment: apt-get install python3-venv (see $folder/$peer.log)" >&2
  exit 1
fi
if ! "$folder/$peer/bin/pip" install --disable-pip-version-check -r "$wanted" >> "$folder/$peer.log" 2>&1; then
  echo "make peers: cannot install $peer: is there a network, and a Python package index that pip" \
    "reaches? (see the end of $folder/$peer.log)" >&2
  exit 1
fi
cp "$wanted" "$folder/$peer/installed.txt"
