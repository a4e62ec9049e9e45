// Containers of several runtimes at a time would disturb what the suite sees as left behind.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
