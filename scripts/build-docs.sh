#!/usr/bin/env bash
# Builds the documentation of the modules from their comments and Sources/M/M.docc: one DocC archive each, in
# .build/docs. A link in a catalog that leads nowhere is an error.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly OUTPUT=.build/docs
graphs=$(mktemp -d)
trap 'rm -rf "$graphs"' EXIT

command -v docc >/dev/null || { echo "build-docs: error: there is no docc; it comes with Swift." >&2; exit 1; }
swift package dump-symbol-graph --minimum-access-level package --skip-synthesized-members
found=$(find .build/ -type d -name symbolgraph | head -1)
mkdir -p "$OUTPUT"
for folder in Sources/*/; do
    module=$(basename "$folder")
    # The command line has none: nothing can import it.
    [ -f "$found/$module.symbols.json" ] || continue
    mkdir "$graphs/$module"
    find "$found" \( -name "$module.symbols.json" -o -name "$module@*.symbols.json" \) -exec cp {} "$graphs/$module" \;
    docc convert "$folder$module.docc" --additional-symbol-graph-dir "$graphs/$module" \
        --output-dir "$OUTPUT/$module.doccarchive" \
        --fallback-display-name "$module" --fallback-bundle-identifier "reprise.$module"
done
echo "build-docs: wrote $(ls -d "$OUTPUT"/*.doccarchive | tr '\n' ' ')"
