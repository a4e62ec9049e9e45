# What makes an engine an ordinary user's: a user namespace around everything, made with subordinate ids. Its adapter is the engine's own;
# what a user cannot have is taken away.
user=ordinary user_id=4321
owner=$user_id files=/mnt/home/ordinary

# prepare_user: an account, the configuration and an image that it may read.
prepare_user() {
    write_configuration
    make_user
    open_tun
    write_image /mnt/image.tar
    chmod 644 /mnt/image.tar
}

make_user() {
    printf '%s:x:%s:%s:an ordinary user:%s:/bin/sh\n' $user $user_id $user_id "$files" >>/etc/passwd
    printf '%s:x:%s:\n' $user $user_id >>/etc/group
    printf '%s:300000:65536\n' $user >>/etc/subuid
    printf '%s:300000:65536\n' $user >>/etc/subgid
    mkdir -p "$files" "/run/user/$user_id"
    chown $user_id:$user_id "$files" "/run/user/$user_id"
    chmod 755 /mnt/home
    chmod 700 "/run/user/$user_id"
    # The sources' folder may be for root's eyes only.
    chmod 755 /mnt /mnt/path
    # Where containers are kept is the user's own affair.
    rm /etc/containers/storage.conf
}

# slirp4netns opens it as the user.
open_tun() {
    local major minor
    [[ -c /dev/net/tun ]] || return 0
    read -r major minor < <(stat -c '%Hr %Lr' /dev/net/tun)
    mknod -m 666 /mnt/tun c "$major" "$minor"
    mount --bind /mnt/tun /dev/net/tun
}

# as_owner PROGRAM…: with nothing of root's but the way to the programs. A terminal is the user's too.
as_owner() {
    [[ ! -t 0 ]] || chown $user_id "$(tty)"
    (cd "$files" && exec setpriv --reuid $user_id --regid $user_id --clear-groups --inh-caps -all --bounding-set "+all" -- \
        env -i HOME="$files" USER=$user PATH="$PATH" TERM=dumb LC_ALL=C.UTF-8 XDG_RUNTIME_DIR="/run/user/$user_id" \
        ${NOTIFY_SOCKET+NOTIFY_SOCKET="$NOTIFY_SOCKET"} "$@")
}

states_of_user="/run/user/$user_id/$RUNTIME_NAME"
