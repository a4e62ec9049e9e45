// One container at a time: "nothing was left behind" can only be seen when nothing else comes and goes.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
