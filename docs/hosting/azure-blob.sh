#!/bin/sh
# Uploads the site to the static website of a storage account, in two passes:
#
#   sh azure-blob.sh dist ACCOUNT [OPTIONS OF az, such as --auth-mode login]
#
# That host does not negotiate: a blob is sent as it lies there. So files with a hash in their names go up compressed,
# with what they are and for how long they may be kept; then what changes under its name, to be asked for every time.
set -eu
dist=$1 account=$2
shift 2

staging=$(mktemp -d)
trap 'rm -rf "$staging"' EXIT
mkdir "$staging/hashed" "$staging/named"
for file in "$dist"/*; do
  name=$(basename "$file")
  case $name in
    *.br | *.gz) continue ;;
  esac
  if [ -f "$file.br" ] && printf '%s\n' "$name" | grep -Eq -- '-[0-9a-f]{8,16}(_bg)?\.(css|js|wasm)$'; then
    cp "$file.br" "$staging/hashed/$name"
  else
    cp -R "$file" "$staging/named/$name"
  fi
done

upload() {
  source=$1
  shift
  # shellcheck disable=SC2016 # That is the container's name.
  az storage blob upload-batch --source "$source" --destination '$web' --account-name "$account" --overwrite "$@"
}

# First what index.html will name.
upload "$staging/hashed" --content-encoding br --content-cache-control 'public, max-age=31536000, immutable' "$@"
upload "$staging/named" --content-cache-control no-cache "$@"
