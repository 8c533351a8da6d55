#!/usr/bin/env bash
# The token goes by the environment and into a file of the clone; it is on no command line.
set -euo pipefail
mkdir -p "$TARGET"
cd "$TARGET"
header="AUTHORIZATION: basic $(printf 'x-access-token:%s' "$TOKEN" | base64 | tr -d '\n')"
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="http.$GITHUB_SERVER_URL/.extraheader"
export GIT_CONFIG_VALUE_0="$header" GIT_TERMINAL_PROMPT=0

wanted=$REF
if [[ -z $wanted && $REPOSITORY == "$GITHUB_REPOSITORY" ]]; then
  wanted=$GITHUB_SHA
fi
git init -q .
git remote add origin "$GITHUB_SERVER_URL/$REPOSITORY" 2>/dev/null || true
depth=()
if [[ $DEPTH != 0 ]]; then
  depth=(--depth "$DEPTH")
fi
tags=(--no-tags)
if [[ $TAGS == true || $DEPTH == 0 ]]; then
  tags=(--tags)
fi
if [[ $DEPTH == 0 ]]; then
  git fetch -q "${tags[@]}" origin '+refs/heads/*:refs/remotes/origin/*'
fi
git fetch -q "${depth[@]}" "${tags[@]}" origin "${wanted:-HEAD}"

branch=${wanted#refs/heads/}
if [[ -z $REF && ${GITHUB_REF:-} == refs/heads/* && $REPOSITORY == "$GITHUB_REPOSITORY" ]]; then
  branch=${GITHUB_REF#refs/heads/}
fi
if [[ $branch =~ ^[0-9a-f]{40}$ || -z $branch || $branch == refs/* ]]; then
  git -c advice.detachedHead=false checkout -q --detach FETCH_HEAD
else
  git checkout -q -B "$branch" FETCH_HEAD
fi
if [[ $PERSIST == true ]]; then
  printf '[http "%s/"]\n\textraheader = %s\n' "$GITHUB_SERVER_URL" "$header" >>.git/config
fi
{
  echo "ref=$wanted"
  echo "commit=$(git rev-parse HEAD)"
} >>"$GITHUB_OUTPUT"
git --no-pager log -1 --format='HEAD is now at %h %s'
