# What only Podman can do with a saved container: it moves, as a file.

A_saved_container_moves_as_an_archive_under_another_name() {
    needs restore exec
    saving_works
    counting
    podman container checkpoint --export "/tmp/$id.tar.gz" "$id" >/dev/null
    local stood; stood="$(stands)"
    podman rm "$id" >/dev/null
    podman container restore --import "/tmp/$id.tar.gz" --name "$id-other" >/dev/null
    eventually is running "$id-other"
    eventually counted_beyond "$stood"
    between "$stood" $((stood + 2000)) "$(stands)"
    says fine engine_exec "$id-other" echo fine
}
