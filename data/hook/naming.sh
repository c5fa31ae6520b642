# Which item a branch is for: the same as portfolio/estimate/branch_items.py says, test by test.
# Sourced by marking.sh. No process is started here, but one `tr` where a name has capitals.

# Everybody's branches: they are for no item.
is_shared() {
  case $1 in
    main | master | trunk | develop | development | dev) return 0 ;;
  esac
  return 1
}

# Tell whether a branch only passes on what was merged into it: everybody's, or a release's.
passes_on() {
  case $1 in
    release/* | releases/* | release-* | releases-*) return 0 ;;
    staging | stable | next | production | prod | release) return 0 ;;
  esac
  is_shared "$1"
}

# Set `kind` to fix or chore where the branch's prefix says so, else to nothing.
kind_of_branch() {
  kind=
  case $1 in
    */*) ;;
    *) return ;;
  esac
  case ${1%%/*} in
    [Ff][Ii][Xx] | [Bb][Uu][Gg] | [Bb][Uu][Gg][Ff][Ii][Xx] | [Hh][Oo][Tt][Ff][Ii][Xx]) kind=fix ;;
    [Dd][Oo][Cc] | [Dd][Oo][Cc][Ss] | [Tt][Ee][Ss][Tt] | [Tt][Ee][Ss][Tt][Ss] | [Cc][Ii] | \
      [Bb][Uu][Ii][Ll][Dd] | [Cc][Hh][Oo][Rr][Ee] | [Rr][Ee][Ff][Aa][Cc][Tt][Oo][Rr] | \
      [Ss][Tt][Yy][Ll][Ee]) kind=chore ;;
  esac
}

# Set `item` and `rule` (ticket, number, words) for a branch $1 of the repository called $2.
item_of_branch() {
  item= rule=
  if [ -z "$1" ] || is_shared "$1"; then return; fi
  last=${1##*/}
  find_ticket "$last"
  if [ -n "$ticket" ] && [ ${#ticket} -le 64 ]; then
    item=$ticket rule=ticket
    return
  fi
  find_number "$last"
  if [ -n "$digits" ]; then
    item=$2.$digits rule=number
    shorten_item
    return
  fi
  as_id "$last"
  [ -n "$id" ] || return 0
  item=$2.$id rule=words
  shorten_item
  item=${item%"${item##*[!._-]}"}
}

shorten_item() {
  while [ ${#item} -gt 64 ]; do item=${item%?}; done
}

# Set `ticket` to the first AUTH-01 in $1 that no letter or digit stands before.
find_ticket() {
  ticket= rest=$1
  while :; do
    case $rest in
      *[A-Za-z0-9]*) ;;
      *) return ;;
    esac
    rest=${rest#"${rest%%[A-Za-z0-9]*}"}
    run=${rest%%[!A-Za-z0-9]*}
    rest=${rest#"$run"}
    case $run in
      [!A-Z]* | *[!A-Z0-9]*) continue ;;
    esac
    case $rest in
      -[0-9]*)
        rest=${rest#-}
        ticket=$run-${rest%%[!0-9]*}
        return
        ;;
    esac
  done
}

# Set `digits` to the first number in $1 that stands alone between hyphens and underscores.
find_number() {
  digits= rest=$1-
  while [ -n "$rest" ]; do
    run=${rest%%[_-]*}
    rest=${rest#"$run"?}
    case $run in
      '' | *[!0-9]*) ;;
      *)
        digits=$run
        return
        ;;
    esac
  done
}

# Set `id` to $1 in the letters that an id may have: others are joined into one hyphen.
as_id() {
  id= rest=$1
  while :; do
    run=${rest%%[!A-Za-z0-9._-]*}
    rest=${rest#"$run"}
    id=$id$run
    [ -n "$rest" ] || break
    id=$id-
    run=${rest%%[A-Za-z0-9._-]*}
    rest=${rest#"$run"}
  done
  id=${id#"${id%%[!._-]*}"}
  id=${id%"${id##*[!._-]}"}
}

# Set `name` to $1 written as an id begins: with a letter, and short enough for more.
short_name() {
  as_id "${1%.git}"
  name=$id
  while [ ${#name} -gt 40 ]; do name=${name%?}; done
  name=${name%"${name##*[!._-]}"}
  case $name in
    [A-Za-z]*) ;;
    *) name=r$name ;;
  esac
}

# Set `name` to the short name of a repository whose origin is $1 and whose folder is $2.
repository_name() {
  path=${1%/}
  case $path in
    */.git) ;;
    *) path=${path%.git} ;;
  esac
  name=${path##*/} path=${path%/*}
  case $name/$path in
    */*[:/]*) owner=${path##*[:/]} ;;
    *) owner= ;;
  esac
  case $owner/$name in
    /* | */ | *:*) short_name "${2##*/}" ;;
    *[A-Z]*) short_name "$(printf '%s' "$name" | tr A-Z a-z)" ;;
    *) short_name "$name" ;;
  esac
}
