using Hull.Linux;
using Hull.Skipping;

namespace Hull.Runtime.Tests.Storage;

public sealed class ContainerStoreTests : IDisposable
{
    private readonly TemporaryStore _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void The_first_container_makes_the_root_and_nobody_else_may_look_into_it()
    {
        using ContainerDirectory directory = _temporary.Reserve();

        File.GetUnixFileMode(_temporary.Path).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.GetUnixFileMode(_temporary.Path + "/c1").Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.GetUnixFileMode(_temporary.Path + "/c1/record.json").Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void Looking_for_containers_never_makes_the_root()
    {
        ContainerStore.OpenExisting(_temporary.Root).Should().BeNull();
        FluentActions.Invoking(() => ContainerStore.Get(_temporary.Root, "c1")).Should().Throw<RuntimeError>().WithMessage("*container does not exist*");
        Directory.Exists(_temporary.Path).Should().BeFalse();
    }

    [Fact]
    public void An_id_is_given_once()
    {
        using ContainerDirectory first = _temporary.Reserve();

        FluentActions.Invoking(() => _temporary.Reserve()).Should().Throw<RuntimeError>()
            .WithMessage("container with given ID already exists*").WithMessage("*id already in use*");
    }

    [Fact]
    public void The_intent_and_the_configuration_survive_a_creator_who_dies()
    {
        _temporary.Reserve().Dispose();

        using ContainerDirectory found = ContainerStore.Get(_temporary.Root, "c1");
        found.ReadRecord().Should().Be(TemporaryStore.Intent("c1"));
        found.ReadConfig().Should().Equal("{}"u8.ToArray());
    }

    [Fact]
    public void A_removed_container_leaves_nothing_and_its_id_is_free_again()
    {
        using (ContainerDirectory directory = _temporary.Reserve())
        {
            using OwnedFd gate = StartSocket.Open(directory);
            directory.Remove();
        }

        Directory.EnumerateFileSystemEntries(_temporary.Path).Should().BeEmpty();
        _temporary.Reserve().Dispose();
    }

    [Fact]
    public void A_planted_link_is_not_followed()
    {
        string target = Directory.CreateTempSubdirectory("hull-unit-target-").FullName;
        try
        {
            File.WriteAllText(target + "/record.json", "canary");
            _temporary.Open().Dispose();
            File.CreateSymbolicLink(_temporary.Path + "/c1", target);

            FluentActions.Invoking(() => ContainerStore.Get(_temporary.Root, "c1")).Should().Throw<RuntimeError>().WithMessage("*not a state directory*");
            FluentActions.Invoking(() => _temporary.Reserve()).Should().Throw<RuntimeError>().WithMessage("*already in use*");
            File.ReadAllText(target + "/record.json").Should().Be("canary");
        }
        finally
        {
            Directory.Delete(target, recursive: true);
        }
    }

    [Fact]
    public void A_file_in_the_place_of_a_container_is_an_error()
    {
        _temporary.Open().Dispose();
        File.WriteAllText(_temporary.Path + "/c1", "");

        FluentActions.Invoking(() => ContainerStore.Get(_temporary.Root, "c1")).Should().Throw<RuntimeError>().WithMessage("*not a state directory*");
    }

    [Theory]
    [InlineData("../c1")]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("/etc")]
    [InlineData("..")]
    public void A_bad_id_never_reaches_the_file_system(string id)
    {
        using ContainerStore store = _temporary.Open();

        FluentActions.Invoking(() => store.Find(id)).Should().Throw<RuntimeError>().WithMessage("invalid container ID*");
        FluentActions.Invoking(() => store.Reserve(TemporaryStore.Intent(id), "{}"u8)).Should().Throw<RuntimeError>().WithMessage("invalid container ID*");
    }

    [Fact]
    public void A_root_that_everybody_may_write_to_is_refused_unless_it_is_sticky()
    {
        _temporary.Open().Dispose();
        const UnixFileMode everything = (UnixFileMode)0x1FF;
        File.SetUnixFileMode(_temporary.Path, everything);
        FluentActions.Invoking(_temporary.Open).Should().Throw<RuntimeError>().WithMessage("*everybody may write*");

        File.SetUnixFileMode(_temporary.Path, everything | UnixFileMode.StickyBit);
        FluentActions.Invoking(() => _temporary.Open().Dispose()).Should().NotThrow();
    }

    [Theory]
    [InlineData(0u, true)]
    [InlineData(65534u, false)]
    public void A_root_that_a_group_may_write_to_is_refused_unless_it_is_root_s_or_the_caller_s(uint group, bool trusted)
    {
        Skip.Unless(Environment.UserName == "root", "needs root");
        Directory.CreateDirectory(_temporary.Path);
        Files.ChangeOwner(Fd.CurrentDirectory, _temporary.Path, 0, group, AtFlags.None).OrThrow("fchownat");
        File.SetUnixFileMode(_temporary.Path, (UnixFileMode)0x1FD);

        Action open = () => _temporary.Open().Dispose();

        if (trusted)
        {
            open.Should().NotThrow();
        }
        else
        {
            open.Should().Throw<RuntimeError>().WithMessage("*group 65534 may write*chmod g-w*");
        }
    }

    [Fact]
    public void A_root_of_another_user_is_refused()
    {
        Skip.Unless(Credentials.EffectiveUserId() == 0, "only root can give a directory away");
        _temporary.Open().Dispose();
        Files.ChangeOwner(Fd.CurrentDirectory, _temporary.Path, 12345, 12345, AtFlags.None).OrThrow("chown");

        FluentActions.Invoking(_temporary.Open).Should().Throw<RuntimeError>().WithMessage("*belongs to user 12345*");
    }

    [Fact]
    public void A_container_directory_of_another_user_is_refused()
    {
        Skip.Unless(Credentials.EffectiveUserId() == 0, "only root can give a directory away");
        _temporary.Reserve().Dispose();
        Files.ChangeOwner(Fd.CurrentDirectory, _temporary.Path + "/c1", 12345, 12345, AtFlags.None).OrThrow("chown");

        FluentActions.Invoking(() => ContainerStore.Get(_temporary.Root, "c1")).Should().Throw<RuntimeError>().WithMessage("*belongs to user 12345*");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("//")]
    [InlineData("/tmp/..")]
    public void The_root_of_the_file_system_is_no_state_directory(string path) =>
        FluentActions.Invoking(() => ContainerStore.OpenOrMake(new StoreRoot(path, true))).Should().Throw<RuntimeError>().WithMessage("*cannot be one*");

    [Fact]
    public void Ids_are_listed_in_order_and_what_cannot_be_one_is_passed_over()
    {
        _temporary.Reserve("b").Dispose();
        _temporary.Reserve("a").Dispose();
        Directory.CreateDirectory(_temporary.Path + "/not an id");

        using ContainerStore store = _temporary.Open();
        store.Ids().Should().Equal("a", "b");
    }

    [Fact]
    public void A_lock_excludes_a_second_holder_until_it_is_given_up()
    {
        using ContainerDirectory second = Unlocked(out ContainerDirectory first);

        FluentActions.Invoking(() => second.Lock(_temporary.Log, 20)).Should().Throw<RuntimeError>().WithMessage("*is busy*");
        second.IsLockedByAnyProcess().Should().BeTrue();
        first.Dispose();
        second.IsLockedByAnyProcess().Should().BeFalse();
        second.Lock(_temporary.Log, 20).Should().BeTrue();
    }

    [Fact]
    public void Who_waits_for_a_lock_is_told_whose_it_is_at_once_in_the_debug_log_and_at_the_end_in_the_error()
    {
        using ContainerDirectory second = Unlocked(out ContainerDirectory first);
        using ContainerDirectory other = _temporary.Reserve("other");
        string file = _temporary.Path + "-log";
        var log = new GlobalOptions { Log = file, Debug = true }.NewLog();
        string holder = $"process {Environment.ProcessId} (";

        FluentActions.Invoking(() => second.Lock(log, 20)).Should().Throw<RuntimeError>()
            .WithMessage($"container \"c1\" is busy: another hull command works on it: {holder}*: try again");
        File.ReadAllText(file).Should().Contain($"container \\\"c1\\\" is busy: waiting for another command: {holder}");
        first.Dispose();
    }

    [Fact]
    public void A_lock_that_is_free_is_not_worth_a_line()
    {
        using ContainerDirectory second = Unlocked(out ContainerDirectory first);
        first.Dispose();
        string file = _temporary.Path + "-log";

        second.Lock(new GlobalOptions { Log = file, Debug = true }.NewLog()).Should().BeTrue();

        File.Exists(file).Should().BeFalse();
    }

    [Theory]
    [InlineData("1: FLOCK  ADVISORY  WRITE 4711 fe:00:42 0 EOF\n", 4711)]
    [InlineData("1: POSIX  ADVISORY  WRITE 1 fe:00:42 0 EOF\n2: FLOCK  ADVISORY  READ 4712 fe:00:42 0 EOF\n", 4712)]
    [InlineData("1: FLOCK  ADVISORY  WRITE 4711 fe:01:42 0 EOF\n1: -> FLOCK  ADVISORY  WRITE 5 fe:00:42 0 EOF\n", null)]
    [InlineData("1: FLOCK  ADVISORY  WRITE -1 fe:00:42 0 EOF\n", null)]
    [InlineData("", null)]
    public void The_holder_of_a_lock_is_found_in_the_kernel_s_table(string table, int? holder) =>
        LockHolder.Find(table, new DeviceNumber(0xfe, 0), 42).Should().Be(holder);

    [Fact]
    public void A_lock_on_a_container_that_was_deleted_meanwhile_says_so()
    {
        using ContainerDirectory second = Unlocked(out ContainerDirectory first);
        first.Remove();
        first.Dispose();
        using ContainerDirectory another = _temporary.Reserve();

        second.Lock(_temporary.Log, 20).Should().BeFalse("the name now belongs to another container");
    }

    [Fact]
    public async Task A_reader_sees_the_old_record_or_the_new_one_and_never_a_part()
    {
        using ContainerDirectory directory = _temporary.Reserve();
        ContainerRecord small = TemporaryStore.Intent("c1");
        ContainerRecord large = small with { Annotations = [.. Enumerable.Range(0, 2000).Select(i => KeyValuePair.Create($"annotation.{i}", new string('x', 50)))] };
        using var stop = new CancellationTokenSource();
        Task writer = Task.Run(() =>
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                directory.WriteRecord(i % 2 == 0 ? large : small);
            }
        });

        for (int i = 0; i < 500; i++)
        {
            using ContainerDirectory reader = ContainerStore.Get(_temporary.Root, "c1");
            (reader.ReadRecord() is { } record && (record.Equals(small) || record.Equals(large))).Should().BeTrue();
        }

        await stop.CancelAsync();
        await writer;
    }

    [Fact]
    public void A_complete_record_without_its_process_is_refused()
    {
        using ContainerDirectory directory = _temporary.Reserve();
        ContainerRecord unknown = TemporaryStore.Complete("c1", new ProcessIdentity(Environment.ProcessId, 0));

        FluentActions.Invoking(() => directory.Complete(unknown)).Should().Throw<ArgumentException>();
        directory.ReadRecord()!.Phase.Should().Be(RecordPhase.Intent);
    }

    private ContainerDirectory Unlocked(out ContainerDirectory first)
    {
        first = _temporary.Reserve();
        return ContainerStore.Get(_temporary.Root, "c1");
    }
}
