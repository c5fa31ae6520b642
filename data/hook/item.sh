# Which item a commit is for: what was started in this worktree, else what the branch says.
# Sourced by marking.sh.

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
  if is_id "$stored_name"; then # another project has the name that git tells
    name=$stored_name
  elif [ -n "$own_name" ] && short_name "$own_name" && [ "$name" = "$own_name" ]; then :; else
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
