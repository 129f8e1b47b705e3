#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: commands.sh FOLDER TASK...
# Fills FOLDER with links to the commands that a minimal Debian has after `setup.sh TASK...`: those of the
# packages that it names, of what these need, and of what every Debian has. With FOLDER as PATH, what that
# list lacks is missed also on a machine where it happens to be installed.
set -euo pipefail
folder=$1
shift
mapfile -t roots < <(
  "$(dirname "$0")/setup.sh" --list "$@"
  dpkg-query -W -f '${Package} ${Essential} ${Priority}\n' | awk '$2 == "yes" || $3 == "required" { print $1 }'
)
# One of several that would do is listed too: only what is here counts.
mapfile -t packages < <(comm -12 \
  <(apt-cache depends --recurse --installed --no-recommends --no-suggests --no-enhances --no-conflicts \
    --no-breaks --no-replaces "${roots[@]}" | grep '^[a-z0-9]' | sort -u) \
  <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p' | sort -u))
dpkg -L "${packages[@]}" | grep -E '^(/usr)?/s?bin/[^/]+$' | sort -u > "$folder/.files"
xargs -a "$folder/.files" ln -sft "$folder"
# The names that Debian gives to one of several packages' commands, such as awk.
find /usr/bin /usr/sbin -lname '/etc/alternatives/*' | while read -r name; do
  ! grep -qxF -e "$(readlink "/etc/alternatives/${name##*/}")" "$folder/.files" || ln -sft "$folder" "$name"
done
rm "$folder/.files"
