using System.Text;

namespace Hull.Oci.Tests;

/// <summary>A configuration with every property the model has, so that forgetting one anywhere shows.</summary>
internal static class FullConfig
{
    internal static byte[] Utf8 => Encoding.UTF8.GetBytes(Text);

    internal static Config Parsed => ConfigDocument.Parse(Utf8).Value!;

    internal const string Text = """
        {
          "ociVersion": "1.3.0",
          "root": { "path": "rootfs", "readonly": true },
          "mounts": [ {
            "destination": "/a", "source": "/b", "type": "none", "options": ["bind", "idmap"],
            "uidMappings": [ { "containerID": 0, "hostID": 1, "size": 2 } ], "gidMappings": [ { "containerID": 3, "hostID": 4, "size": 5 } ]
          } ],
          "process": {
            "terminal": true, "consoleSize": { "height": 24, "width": 80 }, "cwd": "/", "env": ["A=b"], "args": ["sh", "é😀\"\\\n"],
            "rlimits": [ { "type": "RLIMIT_NOFILE", "soft": 1, "hard": 18446744073709551615 } ], "apparmorProfile": "p",
            "capabilities": { "effective": ["CAP_KILL"], "bounding": ["CAP_CHOWN"], "inheritable": [], "permitted": ["CAP_KILL"], "ambient": ["CAP_BPF"] },
            "noNewPrivileges": false, "oomScoreAdj": -1000,
            "scheduler": { "policy": "SCHED_DEADLINE", "nice": 1, "priority": 0, "flags": ["SCHED_FLAG_RESET_ON_FORK", "SCHED_FLAG_UTIL_CLAMP_MAX"],
              "runtime": 1, "deadline": 2, "period": 18446744073709551615 },
            "selinuxLabel": "l", "ioPriority": { "class": "IOPRIO_CLASS_IDLE", "priority": 7 },
            "execCPUAffinity": { "initial": "0-1", "final": "0" },
            "user": { "uid": 4294967295, "gid": 1, "umask": 18, "additionalGids": [0, 5] }
          },
          "hostname": "h", "domainname": "d",
          "linux": {
            "namespaces": [ { "type": "pid" }, { "type": "network", "path": "/n" }, { "type": "mount" }, { "type": "ipc" }, { "type": "uts" },
              { "type": "user" }, { "type": "cgroup" }, { "type": "time" } ],
            "uidMappings": [ { "containerID": 0, "hostID": 1, "size": 2 } ], "gidMappings": [ { "containerID": 0, "hostID": 1, "size": 2 } ],
            "timeOffsets": { "boottime": { "secs": -9223372036854775808, "nanosecs": 1 }, "monotonic": { "secs": 9223372036854775807 } },
            "devices": [ { "type": "c", "path": "/dev/x", "major": 1, "minor": 2, "fileMode": 438, "uid": 3, "gid": 4 } ],
            "netDevices": { "eth0": { "name": "eth1" }, "eth2": {} },
            "cgroupsPath": "/c",
            "resources": {
              "devices": [ { "allow": true, "type": "b", "major": 1, "minor": -1, "access": "rwm" } ],
              "memory": { "limit": 3, "reservation": 2, "swap": 4, "kernel": -1, "kernelTCP": -1, "swappiness": 100, "disableOOMKiller": false,
                "useHierarchy": true, "checkBeforeUpdate": false },
              "cpu": { "shares": 2, "quota": 1000, "burst": 1, "period": 1000, "realtimeRuntime": 1, "realtimePeriod": 2, "cpus": "0", "mems": "1", "idle": 1 },
              "blockIO": { "weight": 10, "leafWeight": 11, "weightDevice": [ { "major": 1, "minor": 2, "weight": 12, "leafWeight": 13 } ],
                "throttleReadBpsDevice": [ { "major": 1, "minor": 2, "rate": 3 } ], "throttleWriteBpsDevice": [ { "major": 4, "minor": 5, "rate": 6 } ],
                "throttleReadIOPSDevice": [ { "major": 7, "minor": 8, "rate": 9 } ], "throttleWriteIOPSDevice": [ { "major": 10, "minor": 11, "rate": 12 } ] },
              "hugepageLimits": [ { "pageSize": "2MB", "limit": 18446744073709551615 } ],
              "network": { "classID": 1, "priorities": [ { "name": "eth0", "priority": 2 } ] },
              "pids": { "limit": 0 }, "rdma": { "mlx": { "hcaHandles": 1, "hcaObjects": 2 } }, "unified": { "memory.high": "1", "a": "" }
            },
            "intelRdt": { "closID": "c", "schemata": ["L2:0=f"], "l3CacheSchema": "L3:0=f", "memBwSchema": "MB:0=20", "enableMonitoring": true },
            "memoryPolicy": { "mode": "MPOL_WEIGHTED_INTERLEAVE", "nodes": "0", "flags": ["MPOL_F_STATIC_NODES"] },
            "sysctl": { "net.core.somaxconn": "1" },
            "seccomp": { "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38, "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_RISCV64"],
              "flags": ["SECCOMP_FILTER_FLAG_LOG"], "listenerPath": "/s", "listenerMetadata": "m",
              "syscalls": [ { "names": ["read"], "action": "SCMP_ACT_TRACE", "errnoRet": 1,
                "args": [ { "index": 5, "value": 18446744073709551615, "valueTwo": 1, "op": "SCMP_CMP_MASKED_EQ" } ],
                "includes": { "caps": [], "arches": [], "minKernel": "" }, "excludes": { "caps": [], "arches": [], "minKernel": "" } } ],
              "archMap": [ { "architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"] } ] },
            "rootfsPropagation": "rslave", "maskedPaths": ["/m"], "readonlyPaths": ["/r"], "mountLabel": "ml",
            "personality": { "domain": "LINUX32", "flags": [] }
          },
          "hooks": {
            "prestart": [ { "path": "/1", "args": ["a"], "env": ["E=1"], "timeout": 1 } ], "createRuntime": [ { "path": "/2" } ],
            "createContainer": [ { "path": "/3" } ], "startContainer": [ { "path": "/4" } ], "poststart": [ { "path": "/5" } ], "poststop": [ { "path": "/6" } ]
          },
          "annotations": { "b": "2", "a": "1", "a b": "" }
        }
        """;
}
