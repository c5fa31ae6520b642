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
. "$logic/item.sh"
. "$logic/message.sh"
. "$logic/style.sh"
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
  mode=warn style= own_name= stored_name= conventional= home= origin= comment_said='#' cleanup=
  keys='^(portfolio\.(mode|style|name|storedname|conventional|home)|core\.comment(char|string)|commit\.cleanup'
  while read -r key value; do
    case $key in
      portfolio.mode) mode=$value ;;
      portfolio.style) style=$value ;;
      portfolio.name) own_name=$value ;;
      portfolio.storedname) stored_name=$value ;;
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
  [ -n "$home" ] || find_home
}

# Set `home` to where portfolio keeps its own where nothing was said: as portfolio/settings.py does.
find_home() {
  home=${XDG_DATA_HOME:-${HOME-}/.local/share}/portfolio
  apple="${HOME-}/Library/Application Support/portfolio"
  if [ -d "$apple" ] && [ ! -d "$home" ]; then home=$apple; fi
}

# Set `comment` to what begins the lines of the file $1 that git wrote for the editor, and `drops` to
# whether it drops every line that begins so.
find_comment() {
  comment=$comment_said drops=yes
  if [ "${GIT_EDITOR-}" = : ]; then # no editor, and git keeps them
    [ "$cleanup" = strip ] || comment=
  elif [ "$cleanup" = scissors ]; then
    drops=no
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

# Write the mark into the message in file $1, whose subject stands in line `subject_line`.
write_mark() {
  choose_style
  may_open=yes
  settle_window
  if [ -n "$window" ]; then
    sed "${subject_line}s/^/xfeat::$item::$window::$step /" "$1" >"$1.portfolio" &&
      mv -f "$1.portfolio" "$1"
  else
    # After a blank line git would take a subject such as `feat: add` for a trailer.
    if [ "$first_line" -gt 1 ]; then
      sed "1,$((first_line - 1))d" "$1" >"$1.portfolio" && mv -f "$1.portfolio" "$1"
    fi
    # None is there, as was read; `--if-exists` itself would take `Workflow:` for one.
    git -c core.commentChar="${comment:-$unused}" interpret-trailers --in-place --no-divider \
      --where end --if-exists add --if-missing add --trailer "Work: $item" "$1" 2>/dev/null
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

# Set `moment`: when git says that this is written, else now.
find_moment() {
  moment=${GIT_AUTHOR_DATE-}
  moment=${moment#@}
  moment=${moment%% *}
  is_number "$moment" || moment=$(date +%s)
}
