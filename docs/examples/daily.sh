#!/bin/sh
# Load what came, build what that changed, make what is due.  For anything that calls a program.
cd "${REVCYCLE_FOLDER:-/srv/revcycle}" || exit 2
revcycle load extracts/
# 1: something was kept out, which `revcycle rejected` tells; the rest is loaded.
[ $? -le 1 ] || exit 2
revcycle build --if-needed || exit 2
exec revcycle run reports.toml
