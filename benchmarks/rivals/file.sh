#!/bin/sh
# file.sh FILE FOLDER REPORT: file it as the next version with a manifest, unless the last version holds the same bytes
set -eu
sha256=$(sha256sum "$1" | cut -d ' ' -f 1)
last=$(find "$2" -mindepth 1 -maxdepth 1 -name 'v*' 2>/dev/null | sort | tail -n 1)
if [ -n "$last" ] && grep -q "$sha256" "$last/manifest.json"; then
    echo "nothing new since $last"
    exit
fi
number=${last##*/v}
version=$(printf 'v%03d' "$(($(printf '%s' "${number:-0}" | sed 's/^0*//') + 1))")
mkdir -p "$2/$version"
mv "$1" "$2/$version/report.csv"
printf '{"report": "%s", "sha256": "%s", "size": %d, "lines": %d}\n' \
    "$3" "$sha256" "$(wc -c < "$2/$version/report.csv")" "$(wc -l < "$2/$version/report.csv")" > "$2/$version/manifest.json"
echo "filed as $version"
