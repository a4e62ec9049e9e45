// Generated from the kernel's headers; see README.md beside this file.
namespace Hull.Runtime;

internal static partial class SyscallNames
{
    /// <summary>How many names there are.</summary>
    public const int Count = 508;

    /// <summary>All names, one after the other, in the order of their bytes.</summary>
    private static ReadOnlySpan<byte> Text =>
        "_llseek_newselect_sysctlacceptaccept4accessacctadd_keyadjtimexafs_syscallalarmarch_prctlarm_fadvise64_64"u8
        + "arm_sync_file_rangeatomic_barrieratomic_cmpxchg_32bdflushbindbpfbreakbreakpointbrkcachectlcacheflushcachestatcapget"u8
        + "capsetchdirchmodchownchown32chrootclock_adjtimeclock_adjtime64clock_getresclock_getres_time64clock_gettime"u8
        + "clock_gettime64clock_nanosleepclock_nanosleep_time64clock_settimeclock_settime64cloneclone3closeclose_rangeconnect"u8
        + "copy_file_rangecreatcreate_moduledelete_moduledupdup2dup3epoll_createepoll_create1epoll_ctlepoll_ctl_oldepoll_pwait"u8
        + "epoll_pwait2epoll_waitepoll_wait_oldeventfdeventfd2execveexecveatexitexit_groupfaccessatfaccessat2fadvise64"u8
        + "fadvise64_64fallocatefanotify_initfanotify_markfchdirfchmodfchmodatfchmodat2fchownfchown32fchownatfcntlfcntl64"u8
        + "fdatasyncfgetxattrfile_getattrfile_setattrfinit_moduleflistxattrflockforkfremovexattrfsconfigfsetxattrfsmountfsopen"u8
        + "fspickfstatfstat64fstatat64fstatfsfstatfs64fsyncftimeftruncateftruncate64futexfutex_requeuefutex_time64futex_wait"u8
        + "futex_waitvfutex_wakefutimesatget_kernel_symsget_mempolicyget_robust_listget_thread_areaget_tlsgetcpugetcwdgetdents"u8
        + "getdents64getegidgetegid32geteuidgeteuid32getgidgetgid32getgroupsgetgroups32getitimergetpagesizegetpeernamegetpgid"u8
        + "getpgrpgetpidgetpmsggetppidgetprioritygetrandomgetresgidgetresgid32getresuidgetresuid32getrlimitgetrusagegetsid"u8
        + "getsocknamegetsockoptgettidgettimeofdaygetuidgetuid32getxattrgetxattratgttyidleinit_moduleinotify_add_watch"u8
        + "inotify_initinotify_init1inotify_rm_watchio_cancelio_destroyio_geteventsio_pgeteventsio_pgetevents_time64io_setup"u8
        + "io_submitio_uring_enterio_uring_registerio_uring_setupioctliopermioplioprio_getioprio_setipckcmpkexec_file_load"u8
        + "kexec_loadkeyctlkilllandlock_add_rulelandlock_create_rulesetlandlock_restrict_selflchownlchown32lgetxattrlinklinkat"u8
        + "listenlistmountlistnslistxattrlistxattratllistxattrlocklookup_dcookielremovexattrlseeklsetxattrlsm_get_self_attr"u8
        + "lsm_list_moduleslsm_set_self_attrlstatlstat64madvisemap_shadow_stackmbindmembarriermemfd_creatememfd_secret"u8
        + "migrate_pagesmincoremkdirmkdiratmknodmknodatmlockmlock2mlockallmmapmmap2modify_ldtmountmount_setattrmove_mount"u8
        + "move_pagesmprotectmpxmq_getsetattrmq_notifymq_openmq_timedreceivemq_timedreceive_time64mq_timedsend"u8
        + "mq_timedsend_time64mq_unlinkmremapmsealmsgctlmsggetmsgrcvmsgsndmsyncmultiplexermunlockmunlockallmunmap"u8
        + "name_to_handle_atnanosleepnewfstatatnfsservctlniceoldfstatoldlstatoldoldunameoldstatoldunameopenopen_by_handle_at"u8
        + "open_treeopen_tree_attropenatopenat2pausepciconfig_iobasepciconfig_readpciconfig_writeperf_event_openpersonality"u8
        + "pidfd_getfdpidfd_openpidfd_send_signalpipepipe2pivot_rootpkey_allocpkey_freepkey_mprotectpollppollppoll_time64prctl"u8
        + "pread64preadvpreadv2prlimit64process_madviseprocess_mreleaseprocess_vm_readvprocess_vm_writevprofprofilpselect6"u8
        + "pselect6_time64ptraceputpmsgpwrite64pwritevpwritev2query_modulequotactlquotactl_fdreadreadaheadreaddirreadlink"u8
        + "readlinkatreadvrebootrecvrecvfromrecvmmsgrecvmmsg_time64recvmsgremap_file_pagesremovexattrremovexattratrename"u8
        + "renameatrenameat2request_keyrestart_syscallriscv_flush_icacheriscv_hwprobermdirrseqrseq_slice_yieldrt_sigaction"u8
        + "rt_sigpendingrt_sigprocmaskrt_sigqueueinfort_sigreturnrt_sigsuspendrt_sigtimedwaitrt_sigtimedwait_time64"u8
        + "rt_tgsigqueueinfortass390_guarded_storages390_pci_mmio_reads390_pci_mmio_writes390_runtime_instrs390_sthyi"u8
        + "sched_get_priority_maxsched_get_priority_minsched_getaffinitysched_getattrsched_getparamsched_getscheduler"u8
        + "sched_rr_get_intervalsched_rr_get_interval_time64sched_setaffinitysched_setattrsched_setparamsched_setscheduler"u8
        + "sched_yieldseccompsecurityselectsemctlsemgetsemopsemtimedopsemtimedop_time64sendsendfilesendfile64sendmmsgsendmsg"u8
        + "sendtoset_mempolicyset_mempolicy_home_nodeset_robust_listset_thread_areaset_tid_addressset_tlssetdomainnamesetfsgid"u8
        + "setfsgid32setfsuidsetfsuid32setgidsetgid32setgroupssetgroups32sethostnamesetitimersetnssetpgidsetprioritysetregid"u8
        + "setregid32setresgidsetresgid32setresuidsetresuid32setreuidsetreuid32setrlimitsetsidsetsockoptsettimeofdaysetuid"u8
        + "setuid32setxattrsetxattratsgetmaskshmatshmctlshmdtshmgetshutdownsigactionsigaltstacksignalsignalfdsignalfd4"u8
        + "sigpendingsigprocmasksigreturnsigsuspendsocketsocketcallsocketpairsplicespu_createspu_runssetmaskstatstat64statfs"u8
        + "statfs64statmountstatxstimesttysubpage_protswapcontextswapoffswaponswitch_endiansymlinksymlinkatsyncsync_file_range"u8
        + "sync_file_range2syncfssys_debug_setcontextsyscallsysfssysinfosyslogsysmipsteetgkilltimetimer_createtimer_delete"u8
        + "timer_getoverruntimer_gettimetimer_gettime64timer_settimetimer_settime64timerfdtimerfd_createtimerfd_gettime"u8
        + "timerfd_gettime64timerfd_settimetimerfd_settime64timestkilltruncatetruncate64tuxcallugetrlimitulimitumaskumount"u8
        + "umount2unameunlinkunlinkatunshareuprobeuretprobeuselibuserfaultfdusr26usr32ustatutimeutimensatutimensat_time64utimes"u8
        + "vforkvhangupvm86vm86oldvmsplicevserverwait4waitidwaitpidwritewritev"u8;

    /// <summary>Where each name begins, and where the last one ends.</summary>
    private static ReadOnlySpan<ushort> Offsets =>
    [
        0, 7, 17, 24, 30, 37, 43, 47, 54, 62, 73, 78, 88, 104, 123, 137, 154, 161, 165, 168, 173, 183, 186, 194, 204, 213, 219, 225,
        230, 235, 240, 247, 253, 266, 281, 293, 312, 325, 340, 355, 377, 390, 405, 410, 416, 421, 432, 439, 454, 459, 472, 485, 488,
        492, 496, 508, 521, 530, 543, 554, 566, 576, 590, 597, 605, 611, 619, 623, 633, 642, 652, 661, 673, 682, 695, 708, 714, 720,
        728, 737, 743, 751, 759, 764, 771, 780, 789, 801, 813, 825, 835, 840, 844, 856, 864, 873, 880, 886, 892, 897, 904, 913, 920,
        929, 934, 939, 948, 959, 964, 977, 989, 999, 1010, 1020, 1029, 1044, 1057, 1072, 1087, 1094, 1100, 1106, 1114, 1124, 1131, 1140,
        1147, 1156, 1162, 1170, 1179, 1190, 1199, 1210, 1221, 1228, 1235, 1241, 1248, 1255, 1266, 1275, 1284, 1295, 1304, 1315, 1324,
        1333, 1339, 1350, 1360, 1366, 1378, 1384, 1392, 1400, 1410, 1414, 1418, 1429, 1446, 1458, 1471, 1487, 1496, 1506, 1518, 1531,
        1551, 1559, 1568, 1582, 1599, 1613, 1618, 1624, 1628, 1638, 1648, 1651, 1655, 1670, 1680, 1686, 1690, 1707, 1730, 1752, 1758,
        1766, 1775, 1779, 1785, 1791, 1800, 1806, 1815, 1826, 1836, 1840, 1854, 1866, 1871, 1880, 1897, 1913, 1930, 1935, 1942, 1949,
        1965, 1970, 1980, 1992, 2004, 2017, 2024, 2029, 2036, 2041, 2048, 2053, 2059, 2067, 2071, 2076, 2086, 2091, 2104, 2114, 2124,
        2132, 2135, 2148, 2157, 2164, 2179, 2201, 2213, 2232, 2241, 2247, 2252, 2258, 2264, 2270, 2276, 2281, 2292, 2299, 2309, 2315,
        2332, 2341, 2351, 2361, 2365, 2373, 2381, 2392, 2399, 2407, 2411, 2428, 2437, 2451, 2457, 2464, 2469, 2485, 2499, 2514, 2529,
        2540, 2551, 2561, 2578, 2582, 2587, 2597, 2607, 2616, 2629, 2633, 2638, 2650, 2655, 2662, 2668, 2675, 2684, 2699, 2715, 2731,
        2748, 2752, 2758, 2766, 2781, 2787, 2794, 2802, 2809, 2817, 2829, 2837, 2848, 2852, 2861, 2868, 2876, 2886, 2891, 2897, 2901,
        2909, 2917, 2932, 2939, 2955, 2966, 2979, 2985, 2993, 3002, 3013, 3028, 3046, 3059, 3064, 3068, 3084, 3096, 3109, 3123, 3138,
        3150, 3163, 3178, 3200, 3217, 3221, 3241, 3259, 3278, 3296, 3306, 3328, 3350, 3367, 3380, 3394, 3412, 3433, 3461, 3478, 3491,
        3505, 3523, 3534, 3541, 3549, 3555, 3561, 3567, 3572, 3582, 3599, 3603, 3611, 3621, 3629, 3636, 3642, 3655, 3678, 3693, 3708,
        3723, 3730, 3743, 3751, 3761, 3769, 3779, 3785, 3793, 3802, 3813, 3824, 3833, 3838, 3845, 3856, 3864, 3874, 3883, 3894, 3903,
        3914, 3922, 3932, 3941, 3947, 3957, 3969, 3975, 3983, 3991, 4001, 4009, 4014, 4020, 4025, 4031, 4039, 4048, 4059, 4065, 4073,
        4082, 4092, 4103, 4112, 4122, 4128, 4138, 4148, 4154, 4164, 4171, 4179, 4183, 4189, 4195, 4203, 4212, 4217, 4222, 4226, 4238,
        4249, 4256, 4262, 4275, 4282, 4291, 4295, 4310, 4326, 4332, 4352, 4359, 4364, 4371, 4377, 4384, 4387, 4393, 4397, 4409, 4421,
        4437, 4450, 4465, 4478, 4493, 4500, 4514, 4529, 4546, 4561, 4578, 4583, 4588, 4596, 4606, 4613, 4623, 4629, 4634, 4640, 4647,
        4652, 4658, 4666, 4673, 4679, 4688, 4694, 4705, 4710, 4715, 4720, 4725, 4734, 4750, 4756, 4761, 4768, 4772, 4779, 4787, 4794,
        4799, 4805, 4812, 4817, 4823,
    ];
}
