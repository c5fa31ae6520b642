# What both hooks know: where git is, what its configuration says, which mark a commit is to bear.
# Sourced by prepare-commit-msg and commit-msg; `logic` is this folder. POSIX sh.
#
# Nothing out of a message, a branch's name, the configuration or a file is ever run, and the store
# is never opened. A process is started only where a line says $(...), `git`, `sed`, `mv` or `rm`.

set -f
LC_ALL=C
newline='
'
control=$(printf '\t\r\001')
tab=${control%??}
unused=${control#??} # begins no line
cr=${control#?}
cr=${cr%?}

. "$logic/naming.sh"
. "$logic/message.sh"
. "$logic/window.sh"

# Set `git_dir`, of this worktree, and `pending`, the note that one hook leaves to the other.
find_git_dir() {
  git_dir=${1%/*} # the message lies in it
  if [ "$git_dir" = "$1" ] || ! [ -e "$git_dir/HEAD" ]; then
    git_dir=$(git rev-parse --absolute-git-dir 2>/dev/null) || return 1
  fi
  pending=$git_dir/portfolio-pending
}

# Set `branch`, empty where HEAD is detached.
find_branch() {
  branch=
  read -r head <"$git_dir/HEAD" || return 0
  case $head in
    "ref: refs/heads/.invalid") branch=$(git symbolic-ref --quiet --short HEAD) ;; # reftable
    "ref: refs/heads/"*) branch=${head#ref: refs/heads/} ;;
  esac
}

# Tell whether git replays commits or joins branches: their messages were written before.
is_replay() {
  [ -e "$git_dir/MERGE_HEAD" ] || [ -e "$git_dir/CHERRY_PICK_HEAD" ] ||
    [ -e "$git_dir/REVERT_HEAD" ] || [ -d "$git_dir/rebase-merge" ] ||
    [ -d "$git_dir/rebase-apply" ] || [ -d "$git_dir/sequencer" ]
}

# Tell whether a message undoes a commit, joins branches, or goes into another commit.
is_of_git() {
  [ "$is_revert" = no ] || return 0
  case $subject in
    'fixup! '* | 'squash! '* | 'amend! '* | 'Revert "'* | 'Reapply "'*) return 0 ;;
    "Merge branch '"* | "Merge remote-tracking branch '"* | "Merge branches '"*) return 0 ;;
    "Merge tag '"* | "Merge commit '"* | 'Merge pull request #'*) return 0 ;;
  esac
  return 1
}

# Read all that the hooks need of git's configuration, at once.
read_config() {
  mode=warn style= own_name= conventional= home= origin= comment_said='#' cleanup=
  keys='^(portfolio\.(mode|style|name|conventional|home)|core\.comment(char|string)|commit\.cleanup'
  while read -r key value; do
    case $key in
      portfolio.mode) mode=$value ;;
      portfolio.style) style=$value ;;
      portfolio.name) own_name=$value ;;
      portfolio.conventional) conventional=$value ;;
      portfolio.home) home=$value ;;
      core.comment*) comment_said=$value ;;
      commit.cleanup) cleanup=$value ;;
      remote.origin.url) origin=$value ;;
    esac
  done <<END
$(git config --get-regexp "$keys|remote\\.origin\\.url)\$" 2>/dev/null)
END
  [ -z "${PORTFOLIO_HOME-}" ] || home=$PORTFOLIO_HOME
  [ -n "$home" ] || home=${XDG_DATA_HOME:-${HOME-}/.local/share}/portfolio
}

# Set `comment` to what begins the lines of the file $1 that git wrote for the editor, and drops.
find_comment() {
  comment=$comment_said
  if [ "${GIT_EDITOR-}" = : ]; then # no editor, and git keeps them
    case $cleanup in
      strip | scissors) ;;
      *) comment= ;;
    esac
  fi
  [ "$comment" = auto ] || return 0
  comment='#'
  while IFS= read -r line; do # git chose it anew; its own lines stand last
    case $line in
      [#\;@!$%^\&\|:]" ------------------------ >8 "*) comment=${line%% *} && return ;;
      [#\;@!$%^\&\|:]*) comment=${line%"${line#?}"} ;;
      ?*) comment='#' ;;
    esac
  done <"$1"
}

# Set `item`, `rule`, `kind` and `step` from what was started here, else from the branch.
# Fails where the commit is for no item that is known.
find_item() {
  step=BUILD started= start_branch= goes_along=no
  kind_of_branch "$branch"
  if [ -r "$git_dir/portfolio-start" ]; then
    read_start
    if is_id "$started" && start_holds; then
      item=$started rule=words
      find_ticket "$item"
      [ "$ticket" != "$item" ] || rule=ticket
      is_step "$start_step" && step=$start_step
      return 0
    fi
  fi
  if passes_on "$branch"; then return 1; fi
  if [ -n "$own_name" ] && short_name "$own_name" && [ "$name" = "$own_name" ]; then :; else
    find_folder
    repository_name "$origin" "$folder"
  fi
  item_of_branch "$branch" "$name"
  [ -n "$item" ]
}

read_start() {
  start_step=
  while read -r key value; do
    case $key in
      item) started=$value ;;
      step) start_step=$value ;;
      branch) start_branch=$value ;;
    esac
  done <"$git_dir/portfolio-start"
}

# Tell whether what was started is for this branch: it was started here, or on everybody's branch,
# from where it goes along to the first other branch that is committed on.
start_holds() {
  [ "$start_branch" != "$branch" ] || return 0
  if [ -n "$start_branch" ] && ! is_shared "$start_branch"; then return 1; fi
  if [ -z "$branch" ] || passes_on "$branch"; then return 1; fi
  goes_along=yes
}

# Tie what was started to the branch that it went along to.
tie_start() {
  [ "$goes_along" = yes ] || return 0
  {
    while read -r key value; do
      case $key in
        branch) continue ;;
        at) printf 'branch %s\n' "$branch" ;;
      esac
      printf '%s %s\n' "$key" "$value"
    done <"$git_dir/portfolio-start" >"$git_dir/portfolio-start.new" &&
      mv -f "$git_dir/portfolio-start.new" "$git_dir/portfolio-start"
  } 2>/dev/null
}

# Set `folder` to that of the main checkout.
find_folder() {
  folder=$PWD
  if [ -r "$git_dir/commondir" ] && read -r shared <"$git_dir/commondir"; then
    case $shared in
      /*) ;;
      *) shared=$(cd "$git_dir/$shared" && pwd) ;;
    esac
    shared=${shared%/.git}
    folder=$shared
  fi
}

# Write the mark into the message in file $1, whose subject stands in line `subject_line`.
write_mark() {
  choose_style
  may_open=yes
  settle_window
  if [ -n "$window" ]; then
    sed "${subject_line}s/^/xfeat::$item::$window::$step /" "$1" >"$1.portfolio" &&
      mv -f "$1.portfolio" "$1"
  else
    git -c core.commentChar="${comment:-$unused}" interpret-trailers --in-place --no-divider \
      --if-exists doNothing --trailer "Work: $item" "$1" 2>/dev/null
  fi
  tie_start
}

# Set `window` for a tag; where none is known, there is no tag.
settle_window() {
  window=
  [ "$style" = tag ] || return 0
  find_moment
  find_window "$moment"
}

# Settle `style`: a tag only where it can do no harm. A tag says feature, so fixes never get one.
choose_style() {
  [ -z "$kind" ] || style=trailer
  case xfeat in
    "${comment:-none}"*) style=trailer ;; # git would take the tag for a comment
  esac
  case $style in
    tag | trailer) return ;;
  esac
  style=trailer
  [ "$rule" = ticket ] || return 0
  is_conventional "$subject" && return
  case $conventional in
    true) ;;
    false) style=tag ;;
    *) has_habit || style=tag ;;
  esac
}

# Tell whether a subject is written as conventional commits are.
is_conventional() {
  case $1 in
    *': '*) ;;
    *) return 1 ;;
  esac
  case ${1%%:*} in
    feat | fix | docs | style | refactor | perf | test | build | ci | chore | revert) ;;
    feat! | fix! | docs! | style! | refactor! | perf! | test! | build! | ci! | chore! | revert!) ;;
    feat\(*\) | fix\(*\) | docs\(*\) | style\(*\) | refactor\(*\) | perf\(*\)) ;;
    test\(*\) | build\(*\) | ci\(*\) | chore\(*\) | revert\(*\)) ;;
    feat\(*\)! | fix\(*\)! | docs\(*\)! | style\(*\)! | refactor\(*\)! | perf\(*\)!) ;;
    test\(*\)! | build\(*\)! | ci\(*\)! | chore\(*\)! | revert\(*\)!) ;;
    *) return 1 ;;
  esac
}

# Tell whether a program's settings or the newest subjects show the habit; asked only where
# `hook install` was not, which keeps the answer in portfolio.conventional.
has_habit() {
  for name in commitlint.config.js commitlint.config.cjs commitlint.config.mjs \
    commitlint.config.ts .commitlintrc .commitlintrc.json .commitlintrc.yaml .commitlintrc.yml \
    .commitlintrc.js .commitlintrc.cjs release-please-config.json .release-please-manifest.json; do
    [ ! -e "$name" ] || return 0
  done
  seen=0 habitual=0
  while IFS= read -r line; do
    [ -n "$line" ] || continue
    seen=$((seen + 1))
    if is_conventional "$line"; then habitual=$((habitual + 1)); fi
  done <<END
$(git log -50 --no-merges --format=%s 2>/dev/null)
END
  [ "$habitual" -ge 3 ] && [ $((habitual * 2)) -ge "$seen" ]
}

# Set `moment`: when git says that this is written, else now.
find_moment() {
  moment=${GIT_AUTHOR_DATE-}
  moment=${moment#@}
  moment=${moment%% *}
  is_number "$moment" || moment=$(date +%s)
}
