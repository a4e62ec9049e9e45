# Podman and Buildah of an ordinary user: a user namespace around everything, made with subordinate ids.
# shellcheck source=/dev/null
source "${here:?}/podman/configuration.sh"
# shellcheck source=/dev/null
source "${here:?}/podman/phrases.sh"

user=ordinary user_id=4321
home=/mnt/home/ordinary

engine_start() {
    write_configuration
    # Where containers are kept is the user's own affair.
    rm /etc/containers/storage.conf
    make_user
    open_tun
    write_image /mnt/image.tar
    chmod 644 /mnt/image.tar
    as_user podman load --input /mnt/image.tar
    as_user buildah pull docker-archive:/mnt/image.tar
}

make_user() {
    printf '%s:x:%s:%s:an ordinary user:%s:/bin/sh\n' $user $user_id $user_id $home >>/etc/passwd
    printf '%s:x:%s:\n' $user $user_id >>/etc/group
    printf '%s:300000:65536\n' $user >>/etc/subuid
    printf '%s:300000:65536\n' $user >>/etc/subgid
    mkdir -p $home "/run/user/$user_id"
    chown $user_id:$user_id $home "/run/user/$user_id"
    chmod 755 /mnt/home
    chmod 700 "/run/user/$user_id"
    # The sources' folder may be for root's eyes only.
    chmod 755 /mnt /mnt/path
}

# slirp4netns opens it as the user.
open_tun() {
    local major minor
    [[ -c /dev/net/tun ]] || return 0
    read -r major minor < <(stat -c '%Hr %Lr' /dev/net/tun)
    mknod -m 666 /mnt/tun c "$major" "$minor"
    mount --bind /mnt/tun /dev/net/tun
}

# as_user PROGRAM…: with nothing of root's but the way to the programs.
as_user() {
    (cd $home && exec setpriv --reuid $user_id --regid $user_id --clear-groups --inh-caps -all --bounding-set "+all" -- \
        env -i HOME=$home USER=$user PATH="$PATH" TERM=dumb LC_ALL=C.UTF-8 XDG_RUNTIME_DIR="/run/user/$user_id" "$@")
}

podman() { as_user podman "$@"; }
buildah() { as_user buildah "$@"; }

engine_clean() {
    eventually remove_containers "$1"
    ! podman volume exists "$1" || podman volume rm --force "$1"
    ! buildah inspect "$1" || buildah rm "$1"
    ! podman image exists "$1" || podman image rm --force "$1"
}

engine_remains() {
    pods_and_containers_that_stay
    buildah containers --quiet
    states_that_stay
    local name
    for name in "$RUNTIME_NAME" conmon slirp4netns; do pgrep --exact --list-full "$name" || true; done
}

asked() { as_user "$RUNTIME" "$@"; }

# The containers that the runtime has a record of.
states() { ls "/run/user/$user_id/$RUNTIME_NAME" 2>/dev/null || true; }

# users_file NAME TEXT: a file of the user's, in the user's home.
users_file() { printf '%s\n' "$2" >"$home/$1"; chown $user_id:$user_id "$home/$1"; }
