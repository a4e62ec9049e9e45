# A swarm of one node. Services are on the host's network: networks of a swarm need what most kernels have as modules.

tasks() { docker ps --quiet --no-trunc --filter "label=com.docker.swarm.service.name=$id" --filter health=none; }

# run_tasks NUMBER
run_tasks() { same "$1" "$(tasks | wc -l)"; }

Services_run_are_scaled_updated_and_healed() {
    local task pid
    docker swarm init --advertise-addr 127.0.0.1 --listen-addr 127.0.0.1:2377 >/dev/null
    docker service create --detach --name "$id" --network host --replicas 2 --restart-delay 200ms --limit-memory 64m --env VERSION=1 \
        --stop-grace-period 1s --update-delay 0s $image sh -c 'echo started $VERSION; exec sleep 1000' >/dev/null
    eventually run_tasks 2
    task="$(tasks | head -n 1)"
    same 67108864 "$(kernel_has "$(pid_of "$task")" memory memory.limit_in_bytes memory.max)"
    same tested "$(inspected .HostConfig.Runtime "$task")"
    eventually holds 'started 1' docker service logs "$id"

    docker service scale --detach "$id=4"
    eventually run_tasks 4
    docker service scale --detach "$id=1"
    eventually run_tasks 1

    task="$(tasks)" pid="$(pid_of "$(tasks)")"
    kill -KILL "$pid"
    eventually heals "$task"

    docker service update --detach --env-add VERSION=2 "$id" >/dev/null
    eventually updates
    docker service rm "$id"
    eventually no_task_is_left
    docker swarm leave --force
}

no_task_is_left() { same '' "$(docker ps --all --quiet --filter "label=com.docker.swarm.service.name=$id")"; }

# heals TASK: another one runs in its place.
heals() { run_tasks 1 && [[ "$(tasks)" != "$1" ]]; }

updates() { run_tasks 1 && same 2 "$(docker exec "$(tasks)" sh -c 'echo $VERSION')"; }
