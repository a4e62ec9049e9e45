# The image that every engine loads: Debian's static busybox and its links.
image=hull-busybox

# write_image FILE: the image as `docker save` would write it, which every engine loads.
write_image() {
    local build=/mnt/image layer
    mkdir -p $build/rootfs/{bin,dev,etc,proc,root,sys,tmp,run,var}
    chmod 1777 $build/rootfs/tmp
    install -m 755 "$(PATH=/usr/bin:/bin command -v busybox)" $build/rootfs/bin/busybox
    chroot $build/rootfs /bin/busybox --install -s /bin
    printf 'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000:user:/home/user:/bin/sh\n' >$build/rootfs/etc/passwd
    printf 'root:x:0:\nuser:x:1000:\nextra:x:2000:user\n' >$build/rootfs/etc/group
    tar -C $build/rootfs --numeric-owner --owner 0 --group 0 -cf $build/layer.tar .
    layer="$(sha256sum $build/layer.tar | cut -d ' ' -f 1)"
    printf '{"architecture":"amd64","os":"linux","config":{"Env":["PATH=/bin"],"Cmd":["/bin/sh"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created_by":"hull"}]}' \
        "$layer" >$build/config.json
    printf '[{"Config":"config.json","RepoTags":["docker.io/library/%s:latest"],"Layers":["layer.tar"]}]' $image >$build/manifest.json
    tar -C $build -cf "$1" config.json layer.tar manifest.json
}
