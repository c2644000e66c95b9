#!/bin/sh
# Records what pipelines and clusters do as rows of an Azure Storage table, for Ringside to show.
# Needs a POSIX shell with its usual utilities, curl and openssl. `sh capture.sh help` says how to call it.
#
# It never fails the pipeline that it reports on, unless told so by --strict: whatever goes wrong is a line on standard
# error. Secrets are in no argument of a process that it starts, in no file and in no output; that is why tracing is
# switched off first.
# shellcheck disable=SC2016 # Programs for awk, and Azure's $(NAME), are meant as they stand.

{ set +x; } 2>/dev/null
set -u
LC_ALL=C
export LC_ALL

usage() {
  cat <<'END'
usage: sh capture.sh COMMAND [start|end] [OPTIONS]

  build start|end      the pipeline that makes an image       needs --image-tag
  release start|end    the update of the high-level definition (HLD)
                                                              needs --image-tag, wants --ring
  manifest start|end   the pipeline that makes manifests      wants --pr or --hld-commit-id
  sync start|end       a cluster that applies manifests       needs --cluster
  badge                writes an SVG file                     needs --service and --ring, wants --out
  deployment create    what bedrock-cli does, with its options

Where (each also from the environment):
  -n, --name NAME                 storage account             RINGSIDE_ACCOUNT
  -t, --table-name TABLE                                      RINGSIDE_TABLE
  -p, --partition-key PARTITION                               RINGSIDE_PARTITION
      --sas SAS                   may read, add and update    RINGSIDE_SAS
  -k, --access-key KEY            the account's key           RINGSIDE_KEY
      --endpoint URL              default https://NAME.table.core.windows.net
                                                              RINGSIDE_ENDPOINT
  INTROSPECTION_ACCOUNT_NAME, …_ACCOUNT_KEY, …_TABLE_NAME and …_PARTITION_KEY are read too.
  A secret in the environment is seen by fewer processes than one among the options.

What (the rest is found in the variables of Azure Pipelines, GitHub Actions and GitLab CI):
  --image-tag TAG --ring RING (or --env) --service NAME --repository URL --hld-repository URL --commit-id SHA --hld-commit-id SHA
  --manifest-commit-id SHA --pr NUMBER --status WORD --id RUN --run-url URL --run-name NAME
  --branch NAME --message TEXT --author-name NAME --author-email EMAIL --author-image URL --author-url URL
  --pr-url URL --pr-title TEXT --pr-state open|merged|abandoned --pr-branch NAME --merged-by NAME
  --cluster NAME --at TIME --out FILE --p1 RUN --p2 RUN --p3 RUN

How:
  --strict             fail when nothing could be recorded
  --timeout SECONDS    for everything together; default 60
END
}

# --- Saying things ----------------------------------------------------------------------------------------------

# warn TEXT: never with a value out of a row, an answer or a commit: a CI takes some lines for commands.
warn() {
  if [ -n "${GITHUB_ACTIONS:-}" ]; then
    printf '::warning title=Ringside::%s\n' "$1" >&2
  elif [ -n "${TF_BUILD:-}" ]; then
    printf '##[warning]Ringside: %s\n' "$1" >&2
  else
    printf 'ringside: %s\n' "$1" >&2
  fi
}

# give_up TEXT [CODE]: nothing was recorded.
give_up() {
  warn "$1"
  [ -z "$strict" ] || exit "${2:-1}"
  exit 0
}

# --- Texts ------------------------------------------------------------------------------------------------------

# bytes TEXT: its bytes as decimal numbers.
bytes() { printf '%s' "$1" | od -An -v -tu1; }

# A text of any bytes as a JSON string of ASCII alone. What is no UTF-8 becomes U+FFFD; control characters but line
# ends and tabs become blanks; a text ends after `limit` characters (a column holds 32,768).
json_program='
  { for (i = 1; i <= NF; i++) byte[++n] = $i + 0 }
  END {
    out = "\""
    for (i = 1; i <= n && count < limit; count++) {
      code = character(i)
      i += used
      out = out escaped(code)
    }
    print out "\""
  }
  function character(at,   c, more, code, k, x) {
    c = byte[at]; used = 1
    if (c < 128) return c
    more = c < 194 ? -1 : c < 224 ? 1 : c < 240 ? 2 : c < 245 ? 3 : -1
    code = more == 1 ? c - 192 : more == 2 ? c - 224 : c - 240
    for (k = 1; k <= more; k++) {
      x = byte[at + k] + 0
      if (x < 128 || x > 191) return 65533
      code = code * 64 + x - 128
    }
    if (more < 0 || (more == 2 && code < 2048) || (more == 3 && (code < 65536 || code > 1114111))) return 65533
    if ((code >= 55296 && code <= 57343) || code == 65534 || code == 65535) return 65533
    used = more + 1
    return code
  }
  function escaped(code) {
    if (code == 34) return "\\\""
    if (code == 92) return "\\\\"
    if (code == 10) return "\\n"
    if (code == 13) return "\\r"
    if (code == 9) return "\\t"
    if (code < 32 || code == 127) return " "
    if (code < 127) return sprintf("%c", code)
    if (code < 65536) return sprintf("\\u%04x", code)
    code -= 65536
    return sprintf("\\u%04x\\u%04x", 55296 + int(code / 1024), 56320 + code % 1024)
  }'

json() { bytes "$1" | awk -v limit=4000 "$json_program"; }

# encode TEXT: for a URL. Quotes stay, as in the addresses that Microsoft's own clients make and sign.
encode() {
  bytes "$1" | awk '
    { for (i = 1; i <= NF; i++) { c = $i + 0; out = out (plain(c) ? sprintf("%c", c) : sprintf("%%%02X", c)) } }
    END { printf "%s", out }
    function plain(c) {
      return (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c == 39 || c == 45 || c == 46 || c == 95 || c == 126
    }'
}

# quote TEXT: within single quotes of a filter or a key.
quote() { printf '%s' "$1" | sed "s/'/''/g"; }

lower() { printf '%s' "$1" | tr '[:upper:]' '[:lower:]'; }

# hash TEXT…: 32 hexadecimal digits for these texts, whatever they hold.
hash() {
  for text; do printf '%s:%s;' "${#text}" "$text"; done | openssl dgst -sha256 -r | cut -c1-32
}

now() { date -u +%Y-%m-%dT%H:%M:%SZ; }

# JSON as lines of "path TAB raw value", such as `value.0.RowKey TAB "abc"`. Fails unless it was read to its end.
flatten_program='
  BEGIN { RS = "\"" }
  inside {
    text = text $0
    tail = $0
    sub(/^.*[^\\]/, "", tail)
    if (length(tail) % 2) { text = text "\""; next }
    inside = 0
    if (kind[d] == "{" && !colon[d]) key[d] = text
    else say("\"" text "\"")
    text = ""
    next
  }
  {
    for (i = 1; i <= length($0); i++) {
      c = substr($0, i, 1)
      if (c == "{" || c == "[") { kind[++d] = c; at[d] = 0; colon[d] = 0; seen = 1 }
      else if (c == "}" || c == "]") { literal(); d-- }
      else if (c == ",") { literal(); at[d]++; colon[d] = 0 }
      else if (c == ":") colon[d] = 1
      else if (c !~ /[ \t\r\n]/) word = word c
    }
    inside = 1
  }
  END { exit !(seen && d == 0 && word == "") }
  function literal() { if (word != "") say(word); word = "" }
  function say(raw,   k, path) {
    gsub(/[\t\r\n]/, " ", raw)
    for (k = 1; k <= d; k++) path = path (k > 1 ? "." : "") (kind[k] == "[" ? at[k] : key[k])
    print path "\t" raw
  }'

# A JSON string without its quotes and escapes, for awk.
unescape_function='
  function unescape(raw,   out, c, code, low) {
    if (raw !~ /^"/) return raw
    raw = substr(raw, 2, length(raw) - 2)
    while (match(raw, /\\/)) {
      out = out substr(raw, 1, RSTART - 1)
      c = substr(raw, RSTART + 1, 1)
      raw = substr(raw, RSTART + 2)
      if (c == "u") {
        code = hexadecimal(substr(raw, 1, 4)); raw = substr(raw, 5)
        if (code >= 55296 && code < 56320 && substr(raw, 1, 2) == "\\u") {
          low = hexadecimal(substr(raw, 3, 4)); raw = substr(raw, 7)
          code = 65536 + (code - 55296) * 1024 + low - 56320
        }
        out = out utf8(code)
      } else out = out (c == "n" || c == "r" || c == "t" || c == "b" || c == "f" ? " " : c)
    }
    return out raw
  }
  function hexadecimal(digits,   i, value) {
    for (i = 1; i <= length(digits); i++) value = value * 16 + index("0123456789abcdef", tolower(substr(digits, i, 1))) - 1
    return value
  }
  function utf8(code) {
    if (code < 128) return sprintf("%c", code)
    if (code < 2048) return sprintf("%c%c", 192 + int(code / 64), 128 + code % 64)
    if (code < 65536) return sprintf("%c%c%c", 224 + int(code / 4096), 128 + int(code / 64) % 64, 128 + code % 64)
    return sprintf("%c%c%c%c", 240 + int(code / 262144), 128 + int(code / 4096) % 64, 128 + int(code / 64) % 64, 128 + code % 64)
  }'

# --- The table service ------------------------------------------------------------------------------------------

# sign TEXT: HMAC-SHA256 with the account's key, in base64. By hand, since openssl takes a key as an argument only,
# which every process of the machine can read. A storage account's key is as long as a block of the hash: 64 bytes.
sign() {
  inner='' outer='' length=0
  for byte in $(printf '%s' "$key" | openssl base64 -d -A 2>/dev/null | od -An -v -tu1); do
    length=$((length + 1))
    pad_byte "$byte"
  done
  if [ "$length" -eq 0 ] || [ "$length" -gt 64 ]; then return 1; fi
  while [ "$length" -lt 64 ]; do
    length=$((length + 1))
    pad_byte 0
  done
  {
    printf '%b' "$outer"
    { printf '%b' "$inner"; printf '%s' "$1"; } | openssl dgst -sha256 -binary
  } | openssl dgst -sha256 -binary | openssl base64 -A
}

pad_byte() {
  x=$(($1 ^ 54)) y=$(($1 ^ 92))
  inner="$inner\\0$((x >> 6))$((x >> 3 & 7))$((x & 7))"
  outer="$outer\\0$((y >> 6))$((y >> 3 & 7))$((y & 7))"
}

# option NAME VALUE: a line of curl's configuration, which comes by standard input: an argument would be seen.
option() { printf '%s = "%s"\n' "$1" "$(printf '%s' "$2" | sed 's/[\\"]/\\&/g')"; }

# send METHOD PATH QUERY [BODY [ETAG]]: sets `status`, 000 when there was no answer; `$work/body` and `$work/head`.
send() {
  left=$((deadline - $(date +%s)))
  [ "$left" -lt 15 ] || left=15
  status=000
  [ "$left" -gt 0 ] || return 0
  : >"$work/body"
  : >"$work/head"
  query=$3
  [ -z "$sas" ] || query="${query:+$query&}$sas"
  status=$({
    option url "$endpoint$2${query:+?$query}"
    option request "$1"
    option header 'Accept: application/json;odata=minimalmetadata'
    option header 'Expect:'
    if [ -z "$sas" ]; then
      moment=$(date -u '+%a, %d %b %Y %H:%M:%S GMT')
      option header 'x-ms-version: 2019-02-02'
      option header "x-ms-date: $moment"
      # The path as it is asked for: an emulator's begins with the account once more.
      option header "Authorization: SharedKeyLite $account:$(sign "$moment
/$account$path_prefix$2")"
    fi
    if [ -n "${4:-}" ]; then
      option header 'Content-Type: application/json'
      option data-binary "$4"
    fi
    if [ -n "${5:-}" ]; then option header "If-Match: $5"; fi
  } | curl --disable --config - --globoff --silent --proto '=http,https' --connect-timeout 10 --max-time "$left" \
    --output "$work/body" --dump-header "$work/head" --write-out '%{http_code}' 2>/dev/null)
  curl_status=$?
  # An answer that broke off is none.
  if [ "$curl_status" -ne 0 ]; then status=000; fi
}

# request …: send, again and again while that may help.
request() {
  attempt=1 pause=1
  while :; do
    send "$@"
    case $status in
      000 | 408 | 429 | 5??) ;;
      *) return 0 ;;
    esac
    if [ "$attempt" -ge 6 ] || [ $(($(date +%s) + pause)) -ge "$deadline" ]; then return 0; fi
    sleep "$pause"
    attempt=$((attempt + 1)) pause=$((pause * 2))
  done
}

# trouble: what the last request came to, in words.
trouble() {
  code=$(sed -n 's/^[Xx]-[Mm][Ss]-[Ee]rror-[Cc]ode: *\([A-Za-z]*\).*/\1/p' "$work/head" | tail -n 1)
  case $status in
    000) printf 'no answer came in time (curl: %s)' "${curl_status:-28}" ;;
    401 | 403) printf 'access was refused (%s %s): look at the SAS, its end and its permissions (rau), and the firewall' "$status" "$code" ;;
    404) printf 'there is no such table (%s %s)' "$status" "$code" ;;
    *) printf 'the table service answered %s %s' "$status" "$code" ;;
  esac
}

key_path() { printf "/%s(PartitionKey='%s',RowKey='%s')" "$table" "$(encode "$(quote "$partition")")" "$(encode "$(quote "$1")")"; }

# merge ROWKEY COLUMNS [ETAG]: makes the row or changes these columns of it; the others stay. 0 when it is done.
merge() {
  request MERGE "$(key_path "$1")" '' "{\"PartitionKey\":$(json "$partition"),\"RowKey\":$(json "$1")$2}" "${3:-}"
  case $status in
    2??) return 0 ;;
    *) return 1 ;;
  esac
}

# read_rows FILTER COLUMNS: every row of the partition that fits, as lines "number TAB column TAB raw" in $work/cells.
# Sets `reading` to all, forbidden or failed.
read_rows() {
  filter="PartitionKey eq '$(quote "$partition")' and ($1)"
  next='' page=0
  : >"$work/cells"
  while :; do
    request GET "/$table()" "\$filter=$(encode "$filter")&\$select=$2$next"
    case $status in
      200) ;;
      403) reading=forbidden; return ;;
      *) reading=failed; return ;;
    esac
    if ! awk "$flatten_program" "$work/body" >"$work/flat" || ! grep -q '"value"[[:space:]]*:' "$work/body"; then
      status=unreadable reading=failed
      return
    fi
    awk -F '\t' -v page="$page" '
      match($1, /^value\.[0-9]+\./) {
        print page "-" substr($1, 7, RLENGTH - 7) "\t" substr($1, RLENGTH + 1) "\t" $2
      }' "$work/flat" >>"$work/cells"
    partition_next=$(continuation nextpartitionkey)
    row_next=$(continuation nextrowkey)
    [ -n "$partition_next" ] || break
    next="&NextPartitionKey=$(encode "$partition_next")${row_next:+&NextRowKey=$(encode "$row_next")}"
    page=$((page + 1))
  done
  reading=all
}

continuation() {
  tr -d '\r' <"$work/head" | awk -v name="x-ms-continuation-$1:" '
    tolower(substr($0, 1, length(name))) == name { value = substr($0, length(name) + 1); sub(/^ */, "", value) }
    END { print value }'
}

# --- Columns ----------------------------------------------------------------------------------------------------

# put COLUMN VALUE: if there is a value.
put() { [ -z "$2" ] || columns="$columns,\"$1\":$(json "$2")"; }

# clean_url URL: without whom and with what password.
clean_url() { printf '%s' "$1" | sed 's|^\([A-Za-z][A-Za-z0-9+.-]*://\)[^/@]*@|\1|'; }

# A word for how a job ended, in any CI's language.
stage_status() {
  case $(lower "$1") in
    succeeded | success | succeededwithissues | passed) echo succeeded ;;
    failed | failure | error) echo failed ;;
    canceled | cancelled) echo canceled ;;
    running | in_progress) echo running ;;
    queued | pending | waiting) echo queued ;;
    *) echo unknown ;;
  esac
}

# run_columns K ID START_OR_END: what is to say of a pipeline's run.
run_columns() {
  put "p$1" "$2"
  put "p$1Url" "$run_url"
  put "p$1Name" "$run_name"
  case $3 in
    start)
      put "p$1Status" running
      put "p$1Start" "$(now)"
      # Of an earlier try; a merge cannot take a column away.
      columns="$columns,\"p$1End\":\"\""
      ;;
    end)
      word=$(stage_status "$job_status")
      [ "$word" != unknown ] || warn "how the job ended is not known: pass it by --status. It is recorded as unknown"
      put "p$1Status" "$word"
      put "p$1End" "$(now)"
      ;;
  esac
}

# --- What the CI knows ------------------------------------------------------------------------------------------

ci_run='' ci_url='' ci_name='' ci_branch='' ci_commit='' ci_message='' ci_author='' ci_email='' ci_image='' ci_profile=''
ci_repository='' ci_status='' ci_ring='' ci_merger='' ci_open=''

from_azure() {
  ci_run=${BUILD_BUILDID:-} ci_name=${BUILD_BUILDNUMBER:-}
  project=$(encode "${SYSTEM_TEAMPROJECT:-}")
  if [ -n "${SYSTEM_COLLECTIONURI:-}" ] && [ -n "$ci_run" ]; then
    ci_url="${SYSTEM_COLLECTIONURI%/}/$project/_build/results?buildId=$ci_run"
  fi
  # A classic release has a number of its own.
  if [ -n "${RELEASE_RELEASEID:-}" ]; then
    ci_run=$RELEASE_RELEASEID ci_name=${RELEASE_RELEASENAME:-} ci_url=${RELEASE_RELEASEWEBURL:-} ci_ring=${RELEASE_ENVIRONMENTNAME:-}
  fi
  ci_branch=${SYSTEM_PULLREQUEST_SOURCEBRANCH:-${BUILD_SOURCEBRANCH:-}}
  ci_branch=${ci_branch#refs/heads/} ci_branch=${ci_branch#refs/tags/}
  ci_commit=${BUILD_SOURCEVERSION:-} ci_message=${BUILD_SOURCEVERSIONMESSAGE:-}
  ci_author=${BUILD_REQUESTEDFOR:-} ci_email=${BUILD_REQUESTEDFOREMAIL:-}
  ci_repository=${BUILD_REPOSITORY_URI:-} ci_status=${AGENT_JOBSTATUS:-}
  ci_open=${SYSTEM_PULLREQUEST_PULLREQUESTID:-}
  case ${BUILD_REASON:-} in IndividualCI | BatchedCI) ci_merger=${BUILD_REQUESTEDFOR:-} ;; esac
}

from_github() {
  here=${GITHUB_SERVER_URL:-https://github.com}
  ci_run=${GITHUB_RUN_ID:-} ci_name="${GITHUB_WORKFLOW:-}${GITHUB_RUN_NUMBER:+ #$GITHUB_RUN_NUMBER}"
  ci_repository=${GITHUB_REPOSITORY:+$here/$GITHUB_REPOSITORY}
  [ -z "$ci_run" ] || ci_url="$ci_repository/actions/runs/$ci_run/attempts/${GITHUB_RUN_ATTEMPT:-1}"
  ci_branch=${GITHUB_HEAD_REF:-} ci_commit=${GITHUB_SHA:-}
  [ -n "$ci_branch" ] || ci_branch=${GITHUB_REF_NAME:-}
  ci_author=${GITHUB_ACTOR:-} ci_profile=${GITHUB_ACTOR:+$here/$GITHUB_ACTOR}
  case ${GITHUB_EVENT_NAME:-} in
    push) ci_merger=${GITHUB_ACTOR:-} ;;
    pull_request*) ci_open=yes ;;
  esac
  [ -r "${GITHUB_EVENT_PATH:-}" ] || return 0
  awk "$flatten_program" "$GITHUB_EVENT_PATH" >"$work/event" 2>/dev/null || return 0
  # Of the commit that was pushed, and only if it is the one that is built.
  [ "$(event head_commit.id)" = "$ci_commit" ] || return 0
  ci_message=$(event head_commit.message)
  person=$(event head_commit.author.name)
  [ -z "$person" ] || ci_author=$person
  ci_email=$(event head_commit.author.email)
  login=$(event head_commit.author.username)
  ci_profile=${login:+$here/$login} ci_image=${login:+$here/$login.png}
}

# event PATH: a text of the event that began the run.
event() { awk -F '\t' -v path="$1" "\$1 == path { print unescape(\$2); exit } $unescape_function" "$work/event"; }

from_gitlab() {
  ci_run=${CI_PIPELINE_ID:-} ci_name=${CI_JOB_NAME:-} ci_url=${CI_JOB_URL:-${CI_PIPELINE_URL:-}}
  ci_branch=${CI_MERGE_REQUEST_SOURCE_BRANCH_NAME:-${CI_COMMIT_REF_NAME:-}} ci_commit=${CI_COMMIT_SHA:-}
  ci_message=${CI_COMMIT_MESSAGE:-${CI_COMMIT_TITLE:-}}
  # "Name <address>"
  ci_author=${CI_COMMIT_AUTHOR:-}
  case $ci_author in
    *' <'*'>') ci_email=${ci_author##* <} ci_email=${ci_email%>} ci_author=${ci_author% <*} ;;
  esac
  # A project's number, which is what its interfaces ask for.
  ci_repository=${CI_PROJECT_ID:-} ci_status=${CI_JOB_STATUS:-} ci_ring=${CI_ENVIRONMENT_NAME:-}
  ci_open=${CI_MERGE_REQUEST_IID:-}
  case ${CI_PIPELINE_SOURCE:-} in push) ci_merger=${GITLAB_USER_NAME:-} ;; esac
}

# Who wrote the commit, and why: the clone knows best, where there is one.
from_git() {
  [ -n "$ci_commit" ] && command -v git >/dev/null || return 0
  found=$(git log -1 --format=%an "$ci_commit" -- 2>/dev/null) || return 0
  [ -n "$found" ] || return 0
  ci_author=$found
  ci_email=$(git log -1 --format=%ae "$ci_commit" -- 2>/dev/null)
  ci_message=$(git log -1 --format=%B "$ci_commit" -- 2>/dev/null)
}

read_ci() {
  if [ -n "${TF_BUILD:-}${BUILD_BUILDID:-}" ]; then from_azure
  elif [ -n "${GITHUB_ACTIONS:-}${GITHUB_RUN_ID:-}" ]; then from_github
  elif [ -n "${GITLAB_CI:-}${CI_PIPELINE_ID:-}" ]; then from_gitlab
  fi
  from_git
  : "${run_url:=$ci_url}" "${run_name:=$ci_name}" "${job_status:=$ci_status}" "${ring:=$ci_ring}"
}

# source_columns: what is to say of the commit that was built.
source_columns() {
  put imageTag "$image_tag"
  put service "$service"
  put env "$ring"
  put commitId "${commit_id:-$ci_commit}"
  put sourceRepo "$(clean_url "${repository:-$ci_repository}")"
  put branch "${branch:-$ci_branch}"
  put commitMessage "${message:-$ci_message}"
  put authorName "${author_name:-$ci_author}"
  put authorEmail "${author_email:-$ci_email}"
  put authorImage "${author_image:-$ci_image}"
  put authorUrl "${author_url:-$ci_profile}"
}

# pull_request_columns STATE: of the HLD's pull request, in the repository $1.
pull_request_columns() {
  [ -n "$pr" ] || return 0
  put pr "$pr"
  link=$pr_url
  base=$(clean_url "$1")
  base=${base%.git}
  case $base in
    *://*) ;;
    *.*/*) base="https://$base" ;;
  esac
  if [ -z "$link" ]; then
    case $base in
      https://github.com/*) link="$base/pull/$pr" ;;
      https://gitlab.com/*) link="$base/-/merge_requests/$pr" ;;
      https://dev.azure.com/*/_git/* | https://*.visualstudio.com/*/_git/*) link="$base/pullrequest/$pr" ;;
    esac
  fi
  put prUrl "$link"
  put prTitle "$pr_title"
  put prState "$2"
  put prBranch "$pr_branch"
  put mergedBy "$merged_by"
}

# --- Commands ---------------------------------------------------------------------------------------------------

# image_key RING: the key of an image's way into a ring. The same for every step that knows the same, so that retries
# and parallel steps meet.
image_key() { hash image "$image_tag" "$(lower "$1")" "$(lower "$service")"; }

written() { printf 'ringside: recorded %s\n' "$1"; }

need_image_tag() { [ -n "$image_tag" ] || give_up "$command needs --image-tag" 2; }

record_build() {
  need_image_tag
  columns=''
  source_columns
  run_columns 1 "$run_id" "$1"
  merge "$(image_key "$ring")" "$columns" || give_up "the build was not recorded: $(trouble)"
  written "the build"
}

# The columns that belong to an image whatever the ring, for a further ring's row.
image_columns=commitId,service,sourceRepo,p1,branch,commitMessage,authorName,authorEmail,authorImage,authorUrl,p1Status,p1Start,p1End,p1Url,p1Name

record_release() {
  need_image_tag
  columns=''
  put imageTag "$image_tag"
  put service "$service"
  put env "$ring"
  put hldCommitId "$hld_commit_id"
  put hldRepo "$(clean_url "$repository")"
  pull_request_columns "$repository" "${pr_state:-$2}"
  run_columns 2 "$run_id" "$1"
  own=$(image_key "$ring")
  # Whoever else claims the row that has no ring yet changes its tag first; then all is looked at once more.
  claims=0
  while :; do
    read_rows "imageTag eq '$(quote "$image_tag")'" "RowKey,env,$image_columns"
    case $reading in
      failed) give_up "the release was not recorded: $(trouble)" ;;
      forbidden) how='new' row=$own etag='' copied='' ;;
      all) choose_row ;;
    esac
    if merge "$row" "$copied$columns" "$etag"; then break; fi
    claims=$((claims + 1))
    if [ "$claims" -ge 20 ] || { [ "$status" != 412 ] && [ "$how-$status" != claim-404 ]; }; then
      give_up "the release was not recorded: $(trouble)"
    fi
  done
  written "the release"
}

# choose_row: which of the rows of this image is this ring's. Sets `how` to own, claim or new; `row`, `etag`, `copied`.
choose_row() {
  choice=$(awk -F '\t' -v ring="$(lower "$ring")" -v service="$(lower "$service")" -v own="$own" '
    !($1 in seen) { seen[$1] = 1; rows[++n] = $1 }
    { cell[$1, $2] = $3 }
    END {
      for (i = 1; i <= n; i++) {
        r = rows[i]
        s = tolower(unescape(cell[r, "service"]))
        if (service != "" && s != "" && s != service) continue
        e = tolower(unescape(cell[r, "env"]))
        if (unescape(cell[r, "RowKey"]) == own) { mine = r }
        else if (e == ring && !same) same = r
        else if (e == "" && !free) free = r
        else if (!other) other = r
      }
      if (mine) print "own\t" unescape(cell[mine, "RowKey"])
      else if (same) print "own\t" unescape(cell[same, "RowKey"])
      else if (free) print "claim\t" unescape(cell[free, "RowKey"]) "\t" unescape(cell[free, "odata.etag"])
      else if (other) print "new\t" own "\t" other
      else print "new\t" own
    }'"$unescape_function" "$work/cells")
  how=$(field 1) row=$(field 2) etag='' copied=''
  case $how in
    claim) etag=$(field 3) ;;
    new) copied=$(awk -F '\t' -v row="$(field 3)" -v wanted="$image_columns" '
      BEGIN { n = split(wanted, names, ","); for (i = 1; i <= n; i++) want[names[i]] = 1 }
      $1 == row && ($2 in want) && $3 ~ /^"/ { printf ",\"%s\":%s", $2, $3 }' "$work/cells") ;;
  esac
}

field() { printf '%s\n' "$choice" | cut -f "$1"; }

record_manifest() {
  columns=''
  put manifestCommitId "$manifest_commit_id"
  put manifestRepo "$(clean_url "$repository")"
  put hldCommitId "$hld_commit_id"
  pull_request_columns "$hld_repository" "${pr_state:-$2}"
  run_columns 3 "$run_id" "$1"

  conditions=''
  if [ -n "$hld_commit_id" ]; then
    # A short form of either kind: `g` comes after every hexadecimal digit.
    short=$(lower "$hld_commit_id" | cut -c1-7)
    condition "(hldCommitId ge '$(quote "$short")' and hldCommitId lt '$(quote "$short")g')"
  fi
  [ -z "$pr" ] || condition "pr eq '$(quote "$pr")'"
  [ -n "$conditions" ] || [ -z "$run_id" ] || condition "p3 eq '$(quote "$run_id")'"
  [ -n "$conditions" ] || give_up "manifest needs --hld-commit-id, --pr or --id" 2

  read_rows "$conditions" 'RowKey,hldCommitId,hldRepo,pr,p3'
  case $reading in
    failed) give_up "the manifest build was not recorded: $(trouble)" ;;
    forbidden) : >"$work/keys" ;;
    all) matching_keys >"$work/keys" ;;
  esac
  # A change of the definition by hand; or reading is not allowed, and the page has to join.
  [ -s "$work/keys" ] || printf '%s\n' "$(hash manifest "${run_id:-$hld_commit_id}" "${run_id:+$hld_repository}" "${run_id:-$pr}")" >"$work/keys"
  count=0 missed=''
  while IFS= read -r row; do
    if merge "$row" "$columns"; then count=$((count + 1)); else missed=$(trouble); fi
  done <"$work/keys"
  [ -z "$missed" ] || give_up "the manifest build was recorded in $count rows and not in others: $missed"
  written "the manifest build, rows: $count"
}

condition() { conditions="${conditions:+$conditions or }$1"; }

# matching_keys: the keys of rows that this manifest build completes. Numbers of pull requests repeat from one
# repository to the next, so a row of another definition is not meant.
matching_keys() {
  awk -F '\t' -v hld="$(lower "$hld_commit_id")" -v pr="$pr" -v repository="$hld_repository" '
    !($1 in seen) { seen[$1] = 1; rows[++n] = $1 }
    { cell[$1, $2] = unescape($3) }
    END {
      for (i = 1; i <= n; i++) {
        r = rows[i]
        if (differ(place(cell[r, "hldRepo"]), place(repository))) continue
        h = tolower(cell[r, "hldCommitId"])
        if ((pr != "" && cell[r, "pr"] == pr) || (hld != "" && begins(h, hld)) || (hld == "" && pr == "")) print cell[r, "RowKey"]
      }
    }
    function begins(a, b) { return a != "" && (index(a, b) == 1 || index(b, a) == 1) }
    function differ(a, b) { return a != "" && b != "" && (a ~ /^[0-9]+$/) == (b ~ /^[0-9]+$/) && a != b }
    function place(url) {
      url = tolower(url)
      sub(/^[a-z+.-]*:\/\//, "", url); sub(/^[^\/@]*@/, "", url); sub(/\/+$/, "", url); sub(/\.git$/, "", url)
      return url
    }'"$unescape_function" "$work/cells"
}

record_sync() {
  [ -n "$cluster" ] || give_up "sync needs --cluster" 2
  commit=${commit_id:-${manifest_commit_id:-$ci_commit}}
  [ -n "$commit" ] || give_up "sync needs --commit-id" 2
  state=pending
  if [ "$1" = end ]; then
    case $(stage_status "$job_status") in
      succeeded) state=applied ;;
      failed | canceled) state=failed ;;
      *) give_up "how the job ended is not known: pass it by --status" 2 ;;
    esac
  fi
  row=sync-$cluster
  # What a key may not hold.
  case $cluster in *[!A-Za-z0-9._:@~\ -]*) row=sync-$(hash "$cluster") ;; esac
  columns=''
  put kind sync
  put cluster "$cluster"
  put syncCommit "$commit"
  put syncState "$state"
  columns="$columns,\"syncMessage\":$(json "$message")"
  put syncAt "${at:-$(now)}"
  merge "$row" "$columns" || give_up "the sync was not recorded: $(trouble)"
  written "the sync"
}

# What `bedrock deployment create` does: with ids alone, whose states the forges tell.
create_deployment() {
  if [ -n "$p1" ]; then
    run_id=$p1
    [ -n "$commit_id" ] && [ -n "$service" ] && [ -n "$image_tag" ] ||
      give_up "--p1 needs --commit-id, --image-tag and --service" 2
    record_build ''
    return
  fi
  run_name=''
  if [ -n "$p2" ]; then
    run_id=$p2
    [ -n "$image_tag" ] && [ -n "$hld_commit_id" ] && [ -n "$ring" ] ||
      give_up "--p2 needs --hld-commit-id, --image-tag and --env" 2
    record_release '' ''
  elif [ -n "$p3" ]; then
    run_id=$p3
    [ -n "$hld_commit_id$pr$manifest_commit_id" ] ||
      give_up "--p3 needs --hld-commit-id, --pr or --manifest-commit-id" 2
    record_manifest '' ''
  else
    give_up "deployment create needs --p1, --p2 or --p3" 2
  fi
}

# The badge of what was last on its way to a ring. Green is only what went through to its end.
write_badge() {
  [ -n "$service" ] && [ -n "$ring" ] || give_up "badge needs --service and --ring" 2
  columns=RowKey,Timestamp,imageTag,commitId,service,env,p1,p2,p3,pr,prState,hldCommitId,manifestCommitId
  columns=$columns,p1Status,p2Status,p3Status,p1Start,p2Start,p3Start,p1End,p2End,p3End
  # Case is the writer's own, so the rows are compared here.
  read_rows "service ne '' and env ne ''" "$columns"
  [ "$reading" = all ] || give_up "the badge was not written: $(trouble)"
  awk -F '\t' -v service="$(lower "$service")" -v ring="$(lower "$ring")" "$badge_program$unescape_function" "$work/cells" >"$work/badge.svg" ||
    give_up "the badge was not written: no row fits"
  if [ -z "$out" ]; then
    cat "$work/badge.svg"
  else
    # Whole or not at all.
    { cp "$work/badge.svg" "$out.part" && mv "$out.part" "$out"; } 2>/dev/null ||
      give_up "the badge was not written: no file can be made there"
  fi
}

badge_program='
  { cell[$1, $2] = unescape($3); if (!($1 in seen)) { seen[$1] = 1; rows[++n] = $1 } }
  END {
    for (i = 1; i <= n; i++) {
      r = rows[i]
      if (tolower(cell[r, "service"]) != service || tolower(cell[r, "env"]) != ring) continue
      when = newest(r)
      if (best == "" || when > latest) { best = r; latest = when }
    }
    if (best == "") exit 1
    r = best
    word = state(r)
    colour = word == "succeeded" ? "#2e7d32" : word == "failed" ? "#c62828" : word == "running" || word == "waiting" ? "#1565c0" : "#616161"
    version = cell[r, "imageTag"]
    sub(/^.*:/, "", version)
    if (version == "") version = substr(cell[r, "commitId"], 1, 7)
    if (version == "") version = "no image"
    draw(cell[r, "service"] " in " cell[r, "env"], (length(version) > 40 ? substr(version, 1, 40) "…" : version) (word == "succeeded" ? "" : " " word))
  }
  # The last moment of its way; only where none is told, when the row was written, which any change of it moves.
  function newest(r,   k, part, names, count, last) {
    count = split("p1Start p1End p2Start p2End p3Start p3End", names, " ")
    for (k = 1; k <= count; k++) { part = cell[r, names[k]]; if (part > last) last = part }
    return last != "" ? last : cell[r, "Timestamp"]
  }
  function state(r,   k, w) {
    for (k = 3; k >= 1; k--) {
      w = tolower(cell[r, "p" k "Status"])
      if (k == 3 && w == "" && cell[r, "manifestCommitId"] != "") w = "succeeded"
      if (k == 2 && w ~ /^(|succeeded)$/ && tolower(cell[r, "prState"]) == "open") return "waiting"
      if (k == 2 && tolower(cell[r, "prState"]) == "abandoned") return "canceled"
      if (w == "") { if (cell[r, "p" k] != "" && k == 3) return "unknown"; continue }
      if (w == "queued") return "running"
      if (w == "succeeded") return k == 3 ? w : "incomplete"
      return w ~ /^(running|failed|canceled)$/ ? w : "unknown"
    }
    return "unknown"
  }
  function draw(left, right,   a, b) {
    a = 12 + 6.6 * characters(left); b = 12 + 6.6 * characters(right)
    left = xml(left); right = xml(right)
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"20\" role=\"img\" aria-label=\"%s: %s\">", a + b, left, right
    printf "<title>%s: %s</title>", left, right
    printf "<rect width=\"%d\" height=\"20\" fill=\"#333\"/><rect x=\"%d\" width=\"%d\" height=\"20\" fill=\"%s\"/>", a, a, b, colour
    printf "<g fill=\"#fff\" font-family=\"Verdana,DejaVu Sans,sans-serif\" font-size=\"11\" text-anchor=\"middle\">"
    printf "<text x=\"%d\" y=\"14\" textLength=\"%d\">%s</text>", a / 2, a - 10, left
    printf "<text x=\"%d\" y=\"14\" textLength=\"%d\">%s</text></g></svg>\n", a + b / 2, b - 10, right
  }
  # In bytes of UTF-8: those that continue a character are none.
  function characters(text,   copy) { copy = text; return length(copy) - gsub(/[\200-\277]/, "", copy) }
  function xml(text) {
    gsub(/[\001-\037\177]/, " ", text)
    gsub(/&/, "\\&amp;", text); gsub(/</, "\\&lt;", text); gsub(/>/, "\\&gt;", text); gsub(/"/, "\\&quot;", text)
    return text
  }'

# --- What is asked ----------------------------------------------------------------------------------------------

strict='' account='' key='' sas='' endpoint='' table='' partition='' timeout=60
image_tag='' ring='' service='' repository='' commit_id='' hld_commit_id='' manifest_commit_id='' pr='' p1='' p2='' p3=''
job_status='' run_id='' run_url='' run_name='' branch='' message='' author_name='' author_email='' author_image='' author_url=''
pr_url='' pr_title='' pr_state='' pr_branch='' merged_by='' cluster='' at='' out='' hld_repository=''

# A mistake before --strict is read must not hide it.
for argument; do [ "$argument" != --strict ] || strict=yes; done

command=${1:-help}
[ $# -eq 0 ] || shift
step=''
case $command in
  help | -h | --help)
    usage
    exit 0
    ;;
  build | release | manifest | sync)
    step=${1:-}
    case $step in
      start | end) shift ;;
      *) give_up "$command needs start or end" 2 ;;
    esac
    ;;
  deployment)
    case ${1:-} in
      create | c) shift ;;
      *) give_up "deployment knows create alone" 2 ;;
    esac
    ;;
  badge) ;;
  *) give_up "this is no command; see: sh capture.sh help" 2 ;;
esac

while [ $# -gt 0 ]; do
  name=$1
  shift
  case $name in
    --strict) continue ;;
    --*=*) value=${name#*=} name=${name%%=*} ;;
    -*)
      [ $# -gt 0 ] || give_up "the last option lacks its value" 2
      value=$1
      shift
      ;;
    *) give_up "an argument is no option; see: sh capture.sh help" 2 ;;
  esac
  # A variable that Azure Pipelines does not know stays as it is written.
  case $value in '$('*')') value='' ;; esac
  case $name in
    -n | --name) account=$value ;;
    -k | --access-key) key=$value ;;
    -t | --table-name) table=$value ;;
    -p | --partition-key) partition=$value ;;
    --sas) sas=$value ;;
    --endpoint) endpoint=$value ;;
    --timeout) timeout=$value ;;
    --p1) p1=$value ;;
    --p2) p2=$value ;;
    --p3) p3=$value ;;
    --image-tag) image_tag=$value ;;
    --env | --ring) ring=$value ;;
    --service) service=$value ;;
    --repository) repository=$value ;;
    --hld-repository) hld_repository=$value ;;
    --commit-id) commit_id=$value ;;
    --hld-commit-id) hld_commit_id=$value ;;
    --manifest-commit-id) manifest_commit_id=$value ;;
    --pr) pr=$value ;;
    --status) job_status=$value ;;
    --id) run_id=$value ;;
    --run-url) run_url=$value ;;
    --run-name) run_name=$value ;;
    --branch) branch=$value ;;
    --message) message=$value ;;
    --author-name) author_name=$value ;;
    --author-email) author_email=$value ;;
    --author-image) author_image=$value ;;
    --author-url) author_url=$value ;;
    --pr-url) pr_url=$value ;;
    --pr-title) pr_title=$value ;;
    --pr-state) pr_state=$value ;;
    --pr-branch) pr_branch=$value ;;
    --merged-by) merged_by=$value ;;
    --cluster) cluster=$value ;;
    --at) at=$value ;;
    --out) out=$value ;;
    *) give_up "an option is not known; see: sh capture.sh help" 2 ;;
  esac
done

# fallback VALUE…: the first that is there.
fallback() {
  for text; do
    case $text in '' | '$('*')') ;; *) printf '%s' "$text"; return ;; esac
  done
}
# Secrets come with blanks and line ends around them, out of files and portals.
trim() { printf '%s' "$1" | tr -d '\r\n' | sed 's/^[[:space:]]*//; s/[[:space:]]*$//'; }

account=$(fallback "$account" "${RINGSIDE_ACCOUNT:-}" "${INTROSPECTION_ACCOUNT_NAME:-}" "${ACCOUNT_NAME:-}")
table=$(fallback "$table" "${RINGSIDE_TABLE:-}" "${INTROSPECTION_TABLE_NAME:-}" "${TABLE_NAME:-}")
partition=$(fallback "$partition" "${RINGSIDE_PARTITION:-}" "${INTROSPECTION_PARTITION_KEY:-}" "${PARTITION_KEY:-}")
endpoint=$(fallback "$endpoint" "${RINGSIDE_ENDPOINT:-}")
ring=$(fallback "$ring" "${RINGSIDE_RING:-}")
# What is said on the command line is meant, whatever the environment holds.
if [ -z "$key" ]; then sas=$(fallback "$sas" "${RINGSIDE_SAS:-}"); fi
if [ -z "$sas" ]; then key=$(fallback "$key" "${RINGSIDE_KEY:-}" "${INTROSPECTION_ACCOUNT_KEY:-}" "${ACCOUNT_KEY:-}"); fi
sas=$(trim "$sas") key=$(trim "$key")
case $sas in
  # As the portal shows it: the table's address with the SAS behind.
  http*://*\?*) [ -n "$endpoint$account" ] || { endpoint=${sas%%\?*} endpoint=${endpoint%/} endpoint=${endpoint%/"$table"}; } ; sas=${sas#*\?} ;;
esac
sas=${sas#\?}
endpoint=${endpoint%/}
[ -n "$endpoint" ] || [ -z "$account" ] || endpoint=https://$account.table.core.windows.net

[ -n "$endpoint" ] || give_up "nothing is recorded: no storage account is named (--name or RINGSIDE_ACCOUNT)" 2
[ -n "$table" ] || give_up "nothing is recorded: no table is named (--table-name or RINGSIDE_TABLE)" 2
[ -n "$partition" ] || give_up "nothing is recorded: no partition is named (--partition-key or RINGSIDE_PARTITION)" 2
[ -n "$sas$key" ] || give_up "nothing is recorded: there is no SAS and no key (RINGSIDE_SAS or RINGSIDE_KEY)" 2
case $endpoint in
  http://*[!A-Za-z0-9._:/-]* | https://*[!A-Za-z0-9._:/-]*) give_up "the endpoint is no address" 2 ;;
  http://* | https://*) ;;
  *) give_up "the endpoint is no address" 2 ;;
esac
case $table in *[!A-Za-z0-9]*) give_up "a table's name has letters and digits alone" 2 ;; esac
case $partition in */* | *\\* | *\#* | *\?*) give_up "a partition's name has none of / \\ # ?" 2 ;; esac
case $sas in *[!A-Za-z0-9%\&=_.~:/,\;*+-]*) give_up "the SAS has characters that none has: it was damaged" 2 ;; esac
case $key in *[!A-Za-z0-9+/=]*) give_up "the account key has characters that none has: it was damaged" 2 ;; esac
case $timeout in '' | *[!0-9]*) timeout=60 ;; esac
for program in curl openssl awk od sed; do
  command -v "$program" >/dev/null || give_up "nothing is recorded: $program is missing"
done

path_prefix=${endpoint#*://}
case $path_prefix in
  */*) path_prefix=/${path_prefix#*/} ;;
  *) path_prefix='' ;;
esac
# Whose key it is: an emulator has it in the path, Azure in the host.
if [ -z "$account" ]; then
  account=${path_prefix#/}
  [ -n "$account" ] || { account=${endpoint#*://} account=${account%%.*}; }
fi

umask 077
work=$(mktemp -d "${TMPDIR:-/tmp}/ringside.XXXXXX") || give_up "nothing is recorded: no temporary folder can be made"
trap 'rm -rf "$work"' EXIT
trap 'exit 0' HUP INT TERM
deadline=$(($(date +%s) + timeout))
pr=${pr#[#!]}

read_ci
case $command in
  build)
    : "${run_id:=${p1:-$ci_run}}"
    record_build "$step"
    ;;
  release)
    : "${run_id:=${p2:-$ci_run}}"
    record_release "$step" open
    ;;
  manifest)
    # It runs in the repository of the definition, whose merges name their pull request.
    : "${run_id:=${p3:-$ci_run}}" "${hld_commit_id:=$ci_commit}" "${hld_repository:=$ci_repository}"
    if [ -z "$pr" ]; then
      pr=$(printf '%s\n' "${message:-$ci_message}" | sed -n \
        -e '1s/^Merge pull request #\([0-9][0-9]*\) .*/\1/p' \
        -e '1s/^Merged PR \([0-9][0-9]*\): .*/\1/p' \
        -e '1s/^.*(#\([0-9][0-9]*\))$/\1/p' \
        -e 's/^See merge request .*!\([0-9][0-9]*\)$/\1/p' | head -n 1)
    fi
    : "${merged_by:=$ci_merger}"
    # What was merged is on the branch; a build of the pull request itself shows nothing of the kind.
    state=merged
    [ -z "$ci_open" ] || state=open
    record_manifest "$step" "$state"
    ;;
  sync) record_sync "$step" ;;
  badge) write_badge ;;
  deployment) create_deployment ;;
esac
exit 0
