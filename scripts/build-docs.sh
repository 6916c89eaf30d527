#!/usr/bin/env bash
# Builds the documentation of the modules from their comments and catalogs (Sources/M/M.docc): one DocC archive each,
# in .build/docs. A link in a catalog that leads nowhere is an error.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly OUTPUT=.build/docs
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() { echo "build-docs: error: $1" >&2; exit 1; }

command -v docc >/dev/null || fail "there is no docc; it comes with Swift."
# Old graphs must not stand in for those that are not written now.
find .build/ -type d -name symbolgraph -prune -exec rm -rf {} + 2>/dev/null || true
# It fails on the modules that SwiftPM makes for tests, where no test was built; those of the package come before them.
swift package dump-symbol-graph --minimum-access-level package --skip-synthesized-members >"$work/log" 2>&1 || true
found=$(find .build/ -type d -name symbolgraph 2>/dev/null | head -1)
mkdir -p "$OUTPUT"
# The command line has no catalog: nothing can import it.
for catalog in Sources/*/*.docc; do
    module=$(basename "$catalog" .docc)
    if [ ! -f "$found/$module.symbols.json" ]; then
        cat "$work/log" >&2
        fail "there is no symbol graph of $module."
    fi
    mkdir "$work/$module"
    find "$found" \( -name "$module.symbols.json" -o -name "$module@*.symbols.json" \) -exec cp {} "$work/$module" \;
    docc convert "$catalog" --additional-symbol-graph-dir "$work/$module" \
        --output-dir "$OUTPUT/$module.doccarchive" --diagnostics-file "$work/$module.json" \
        --fallback-display-name "$module" --fallback-bundle-identifier "reprise.$module"
    # Comments leave out parameters that need no word, which docc warns of; a catalog has nothing to be warned of.
    if grep -q "$module\.docc" "$work/$module.json"; then fail "$catalog has a fault; docc says above which."; fi
done
echo "build-docs: wrote $(ls -d "$OUTPUT"/*.doccarchive | tr '\n' ' ')"
