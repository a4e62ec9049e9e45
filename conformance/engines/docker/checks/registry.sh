# A registry that runs in a container, and images that go there and back.

# Debian's registry and what it is linked with, as an image.
import_registry() {
    local root="/tmp/$id" library
    mkdir -p "$root/etc" "$root/tmp"
    install -D "$(command -v docker-registry)" "$root/bin/docker-registry"
    for library in $(ldd "$root/bin/docker-registry" | grep -oE '/[^ ]+'); do install -D "$library" "$root$library"; done
    cat >"$root/etc/registry.yml" <<'YAML'
version: 0.1
storage: { filesystem: { rootdirectory: /var/lib/registry } }
http: { addr: "127.0.0.1:15000" }
YAML
    tar -C "$root" --owner 0 --group 0 -c . | docker import --change 'CMD ["/bin/docker-registry", "serve", "/etc/registry.yml"]' - "$id"
}

# answers PATH: what the registry says over the loopback.
answers() { busybox wget -q -O - "http://127.0.0.1:15000$1"; }

An_image_is_pushed_to_a_registry_in_a_container_and_pulled_again() {
    import_registry
    docker run --detach --name "$id" --network host --volume "$id:/var/lib/registry" --memory 256m "$id" >/dev/null
    eventually answers /v2/
    docker tag $image 127.0.0.1:15000/pushed:1
    docker push 127.0.0.1:15000/pushed:1
    says '{"repositories":["pushed"]}' answers /v2/_catalog
    docker image rm 127.0.0.1:15000/pushed:1
    docker pull 127.0.0.1:15000/pushed:1
    says fine docker run --rm --network none 127.0.0.1:15000/pushed:1 echo fine
    docker image rm 127.0.0.1:15000/pushed:1
    docker stop --time 5 "$id"
    # It ends by itself when it is asked to.
    [[ "$(inspected .State.ExitCode)" != 137 ]]
}
