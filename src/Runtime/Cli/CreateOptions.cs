using CommandLine;

namespace Hull.Runtime;

[Verb("create", HelpText = "make a container that waits for start")]
[Example("--bundle /bundles/web web", "make web from a bundle; hull start web lets it run")]
[Example("--console-socket tty.sock web", "the terminal goes to whoever listens on tty.sock")]
internal sealed class CreateOptions : NewContainerOptions;
