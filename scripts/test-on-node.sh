#!/usr/bin/env bash
# Runs the tests, or a script of package.json, on another Node than the one that is installed: takes it from npm's registry,
# and installs, compiles and tests a copy of the project, which is deleted afterwards.
# Usage: scripts/test-on-node.sh VERSION [SCRIPT], for example 24 or 26.5.1 test:fast
set -euo pipefail
version=${1:?which version of Node?}
script=${2:-test}
cd "$(dirname "$0")/.."

directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
mkdir "$directory/node" "$directory/project"

package=node-$(node -p 'process.platform + "-" + process.arch')
npm pack --silent --pack-destination "$directory" "$package@$version" >/dev/null
tar -xzf "$directory/$package"-*.tgz -C "$directory/node" --strip-components=1
tar -c --exclude=node_modules --exclude=./build --exclude=./.janus . | tar -x -C "$directory/project"

export PATH="$directory/node/bin:$PATH" npm_config_nodedir="$directory/node"
cd "$directory/project"
echo "On Node $(node --version), in $PWD"
npm ci
npm run "$script"
