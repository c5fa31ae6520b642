# Tag or trailer: which of the two a commit gets. Sourced by marking.sh.

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
