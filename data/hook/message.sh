# Read a commit message: its subject, the marks it bears, and what is wrong with one of them.
# Sourced by marking.sh; no process is started here. Text is compared, never run or printed raw.

# Read the file $1. `comment` begins the lines of git's own, empty: there are none; where `drops` is
# no, git drops only what stands below its line of scissors.
# Sets `subject`, `subject_line`, `first_line`, `is_marked` (yes, no), `is_revert`, and, for the first
# mark that cannot be read, `wrong` (why), `wrong_line` and `wrong_text`; `text`, all that git keeps,
# only where `wants_text` is yes.
read_message() {
  subject= subject_line=0 first_line=0 is_marked=no is_revert=no text=
  wrong= wrong_line= wrong_text=
  number=0 is_blank=yes is_block=no work_wrong=
  while IFS= read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    line=${line%"$cr"}
    if [ -n "$comment" ]; then
      case $line in
        # Below it stands the diff of `git commit -v`.
        "$comment ------------------------ >8 ------------------------") break ;;
        "$comment"*) [ "$drops" = no ] || continue ;;
      esac
    fi
    [ "$wants_text" != yes ] || text=$text$line$newline
    case $line in
      *[!" $tab"]*) read_line ;;
      *) is_blank=yes ;;
    esac
  done <"$1"
  # `Work:` may begin a line of prose, too; only among the last lines does git read a trailer.
  if [ -z "$wrong" ] && [ "$is_block" = yes ] && [ -n "$work_wrong" ]; then
    is_marked=yes wrong="the id is one word: a letter, then letters, digits, dots, hyphens"
    wrong_line=${work_wrong%% *} wrong_text=${work_wrong#* }
  fi
}

read_line() {
  if [ "$is_blank" = yes ]; then # a new paragraph
    is_blank=no work_wrong= is_block=yes
    [ -n "$subject" ] || is_block=no
  fi
  [ "$first_line" -gt 0 ] || first_line=$number
  if [ -z "$subject" ]; then
    case $line in
      'Signed-off-by: '*) ;; # alone it is no message: git still takes it as empty
      *) subject=$line subject_line=$number ;;
    esac
  fi
  words=${line#"${line%%[! $tab]*}"}
  case $line in
    [Ww]ork:* | "(cherry picked from commit "* | [" $tab"]*) ;;
    [A-Za-z]*': '*)
      case ${line%%:*} in
        *[!A-Za-z0-9-]*) is_block=no ;;
      esac
      ;;
    *) is_block=no ;;
  esac
  case $words in
    [Ww]ork:*) read_trailer "${words#?ork:}" ;;
    "This reverts commit "*) is_revert=yes ;;
    [*+-]*)
      words=${words#?}
      words=${words#"${words%%[! $tab]*}"}
      ;;
  esac
  case $words in
    xfeat:* | xproto:*) read_tag "$words" ;;
  esac
}

read_trailer() {
  value=${1#"${1%%[! $tab]*}"}
  value=${value%"${value##*[! $tab]}"}
  if is_id "$value"; then
    is_marked=yes
  elif [ -n "$value" ] && [ -z "$work_wrong" ]; then
    work_wrong="$number Work: $value"
  fi
}

read_tag() {
  is_marked=yes
  [ -z "$wrong" ] || return 0
  tag=${1%% *} after=${1#"${1%% *}"}
  one=${tag#*::} # without the kind
  two=${one#*::} # without the id
  step=${two#*::}
  case $tag in
    xfeat::*::*::* | xproto::*::*::*)
      case $step in
        *::*) wrong="not kind::id::window::step" ;;
      esac
      ;;
    *) wrong="not kind::id::window::step" ;;
  esac
  if [ -n "$wrong" ]; then :
  elif ! is_id "${one%%::*}"; then
    wrong="the id is a letter, then up to 63 letters, digits, dots, underscores, hyphens"
  elif ! is_window "${two%%::*}"; then wrong="the window is like W0-003 or W-P1"
  elif ! is_step "$step"; then wrong="the step is one word in capitals"
  else
    case $after in
      *[!" $tab"]*) return 0 ;;
    esac
    wrong="no message after the tag"
  fi
  wrong_line=$number wrong_text=$1
}

is_id() {
  case $1 in
    [!A-Za-z]* | *[!A-Za-z0-9._-]* | '') return 1 ;;
  esac
  [ ${#1} -le 64 ]
}

is_window() {
  [ ${#1} -le 64 ] || return 1
  case $1 in
    W-*)
      case ${1#W-} in
        '' | *[!A-Za-z0-9]*) return 1 ;;
      esac
      ;;
    W[0-9]*-*)
      case ${1#W} in
        *-*-* | *[!0-9-]* | *-) return 1 ;;
      esac
      ;;
    *) return 1 ;;
  esac
}

is_step() {
  case $1 in
    '' | *[!A-Z]*) return 1 ;;
  esac
  [ ${#1} -le 64 ]
}
