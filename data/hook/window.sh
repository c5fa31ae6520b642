# Which window a moment lies in: the file `window` of the home, as `portfolio` writes it.
#   epoch SECONDS           when week 0 began
#   W0-003 START END        seconds since 1970, END not included; oldest first
# Sourced by marking.sh.

# Set `window` to the window that the moment $1 lies in, opening one where none is; empty: unknown.
find_window() {
  window= epoch= last_end=0
  [ -r "$home/window" ] || return 0
  while read -r first second third rest; do
    if [ "$first" = epoch ]; then
      is_number "$second" && epoch=$second
    elif is_window "$first" && is_number "$second" && is_number "$third"; then
      if [ "$second" -le "$1" ] && [ "$1" -lt "$third" ]; then window=$first; fi
      [ "$third" -le "$last_end" ] || last_end=$third
    fi
  done <"$home/window"
  if [ -z "$window" ] && [ -n "$epoch" ] && [ "$may_open" = yes ]; then open_window "$1"; fi
}

# Open a window at the moment $1; one that is long past, or yet to come, opens none.
open_window() {
  if [ "$1" -lt "$epoch" ] || [ "$1" -lt "$last_end" ]; then return; fi
  now=$(date +%s)
  if [ "$1" -gt $((now + 60)) ] || [ "$1" -lt $((now - 18000)) ]; then return; fi
  week=$((($1 - epoch) / 604800)) highest=0
  while read -r first rest; do
    case $first in
      "W$week"-*[!0-9]* | "W$week"-) ;;
      "W$week"-*)
        ordinal=${first#"W$week"-}
        ordinal=${ordinal#"${ordinal%%[!0]*}"}
        [ "${ordinal:-0}" -le "$highest" ] || highest=$ordinal
        ;;
    esac
  done <"$home/window"
  ordinal=$((highest + 1))
  case $ordinal in
    ?) ordinal=00$ordinal ;;
    ??) ordinal=0$ordinal ;;
  esac
  (printf '%s\n' "W$week-$ordinal $1 $(($1 + 18000))" >>"$home/window") 2>/dev/null || return 0
  window=W$week-$ordinal
}

# Tell whether $1 is a count of seconds that the shell can work with.
is_number() {
  case $1 in
    '' | *[!0-9]* | 0?*) return 1 ;;
  esac
  [ ${#1} -le 12 ]
}
