#!/bin/sh
# Tells Ringside what Flux has applied: reads one Kustomization and writes the row of this cluster.
# Needs kubectl beside what capture.sh needs. KUSTOMIZATION is its name, NAMESPACE where it is, CLUSTER this cluster's.
set -eu
here=$(dirname "$0")
kustomization=kustomizations.kustomize.toolkit.fluxcd.io/${KUSTOMIZATION:?}

# get PATH: a value of it.
get() { kubectl get "$kustomization" --namespace "${NAMESPACE:?}" --output "jsonpath={.status$1}"; }

ready=$(get '.conditions[?(@.type=="Ready")].status')
message=$(get '.conditions[?(@.type=="Ready")].message')
at=$(get '.conditions[?(@.type=="Ready")].lastTransitionTime')
applied=$(get .lastAppliedRevision)
attempted=$(get .lastAttemptedRevision)

# main@sha1:0123… or, of old, main/0123…
commit() {
  commit=${1##*:}
  commit=${commit##*/}
}

case $ready in
  True)
    commit "$applied"
    set -- end --status success
    ;;
  False)
    commit "$attempted"
    set -- end --status failure --message "$message"
    ;;
  *)
    commit "${attempted:-$applied}"
    set -- start
    ;;
esac
exec sh "$here/capture.sh" sync "$@" --cluster "${CLUSTER:?}" --commit-id "$commit" --at "$at"
