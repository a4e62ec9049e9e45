# load ENGINE: everything that a check of this engine is made of. The adapter names the folders that hold checks of its engine alone.
load() {
    local file
    for file in assertions.sh image.sh verbs.sh "$1/adapter.sh"; do
        # shellcheck source=/dev/null
        source "$here/$file"
    done
    # In the order in which they are run: those of every engine, then the engine's own.
    check_files=("$here"/checks/*.sh)
    for file in "${folders[@]}"; do check_files+=("$here/$file"/checks/*.sh); done
    for file in "${check_files[@]}"; do
        # shellcheck source=/dev/null
        source "$file"
    done
}

# A check is a function whose name begins with a capital letter. Its first line may say what it needs the engine to be able to do.
checks() {
    local name
    all_known "$engine" "${abilities[@]}" || return
    for name in $(sed -n 's/^\([A-Z][A-Za-z0-9_]*\)() *{.*/\1/p' "${check_files[@]}"); do
        if [[ "$(declare -f "$name")" =~ ^[^{]*\{[[:space:]]*needs\ ([^\;]*)\; ]]; then
            # shellcheck disable=SC2086
            all_known "$name" ${BASH_REMATCH[1]} || return
            # shellcheck disable=SC2086
            can ${BASH_REMATCH[1]} || continue
        fi
        printf '%s\n' "$name"
    done
}

# all_known WHERE ABILITY…: no check is left out because of a misspelt ability.
all_known() {
    local ability
    for ability in "${@:2}"; do
        [[ " ${known_abilities[*]} " == *" $ability "* ]] || { echo "$1: no such ability: $ability" >&2; return 1; }
    done
}
