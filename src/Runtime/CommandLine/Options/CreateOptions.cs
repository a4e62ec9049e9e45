using CommandLine;

namespace Hull.Runtime.Options;

[Verb("create", HelpText = "make a container that waits for start")]
internal sealed class CreateOptions : NewContainerOptions;
