using System.Runtime.InteropServices;

namespace Hull.Linux.Tests;

/// <summary>The small value types: texts, devices, capabilities, signals.</summary>
public sealed class ValuesTests
{
    [Fact]
    public void A_text_for_the_kernel_ends_in_zero_and_refuses_one_inside()
    {
        CString text = "grüße";
        text.Length.Should().Be(7);
        Marshal.ReadByte(text.Address, 7).Should().Be(0);
        text.ToString().Should().Be("grüße");
        text.Should().Be(new CString("grüße"));
        var make = () => new CString("a\0b");
        make.Should().Throw<ArgumentException>();
        default(CString).IsNull.Should().BeTrue();
        default(CString).Should().NotBe(new CString(""));
    }

    [Fact]
    public void A_lone_low_surrogate_is_the_byte_that_was_not_UTF8_and_any_other_a_replacement()
    {
        // Not a theory: the compiler keeps texts of attributes as UTF-8, which has no lone surrogates.
        (string Text, string Bytes)[] examples =
        [
            ("😀", "F09F9880"), ("\udcff", "FF"), ("é\udce9x", "C3A9E978"), ("\ud83d", "EFBFBD"), ("\udc7f", "EFBFBD"),
            ("\udcff\udd00", "FFEFBFBD"), ("\ud83d\udcff", "F09F93BF"),
        ];
        examples.Select(example => Convert.ToHexString(new CString(example.Text).Bytes)).Should().Equal(examples.Select(example => example.Bytes));
    }

    [Fact]
    public void A_list_of_texts_ends_in_null()
    {
        var list = new CStringArray(["a", "b\"c"]);
        Marshal.ReadIntPtr(list.Address, 2 * nint.Size).Should().Be(0);
        list[1].Should().Be("b\"c");
    }

    [DllImport("libc", EntryPoint = "gnu_dev_makedev")]
    private static extern ulong MakeDevice(uint major, uint minor);

    [Theory]
    [InlineData(0u, 0u)]
    [InlineData(1u, 3u)]
    [InlineData(4095u, 255u)]
    [InlineData(4096u, 256u)]
    [InlineData(300u, 100_000u)]
    [InlineData(uint.MaxValue, uint.MaxValue)]
    public void A_device_number_is_encoded_as_makedev_does(uint major, uint minor)
    {
        var device = new DeviceNumber(major, minor);
        device.Encoded.Should().Be(MakeDevice(major, minor));
    }

    [Fact]
    public void Every_capability_has_a_name_of_its_own_and_no_other_number_has_one()
    {
        Enumerable.Range(0, CapabilityNames.Count).Select(CapabilityNames.NameOf).Should().OnlyHaveUniqueItems().And.NotContainNulls();
        CapabilityNames.All().Should().Equal(Enumerable.Range(0, CapabilityNames.Count).Select(CapabilityNames.NameOf));
        CapabilityNames.NameOf(-1).Should().BeNull();
        CapabilityNames.NameOf(CapabilityNames.Count).Should().BeNull();
    }

    [Fact]
    public void A_set_of_capabilities_has_what_was_put_in_and_its_operators_are_those_of_sets()
    {
        var set = CapabilitySet.Empty.With(0).With(40);
        set.Contains(40).Should().BeTrue();
        (set & CapabilitySet.UpTo(39)).Should().Be(CapabilitySet.Empty.With(0));
        (CapabilitySet.Empty.With(0) | CapabilitySet.Empty.With(40)).Should().Be(set);
        CapabilitySet.UpTo(40).Bits.Should().Be((1UL << 41) - 1);
        CapabilitySet.UpTo(63).Bits.Should().Be(ulong.MaxValue);
        set.ToString().Should().Be("CAP_CHOWN CAP_CHECKPOINT_RESTORE");
    }

    [Theory]
    [InlineData("SIGTERM", 15)]
    [InlineData("TERM", 15)]
    [InlineData("sigkill", 9)]
    [InlineData("64", 64)]
    [InlineData("SIGRTMIN", 34)]
    [InlineData("SIGRTMIN+3", 37)]
    [InlineData("RTMAX-1", 63)]
    [InlineData("SIGPOLL", 29)]
    [InlineData("CLD", 17)]
    public void Signals_are_known_by_name_and_number(string text, int signal)
    {
        SignalNames.TryParse(text, out var parsed).Should().BeTrue();
        parsed.Should().Be(signal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("65")]
    [InlineData("-9")]
    [InlineData("SIG")]
    [InlineData("SIGRTMIN+31")]
    [InlineData("NOTHING")]
    public void What_is_no_signal_is_refused(string text) => SignalNames.TryParse(text, out _).Should().BeFalse();

    [Fact]
    public void The_names_of_signals_are_those_of_the_enum()
    {
        foreach (var signal in Enum.GetValues<Signal>().Where(signal => signal != Signal.None))
        {
            SignalNames.NameOf((int)signal).Should().Be(signal.ToString());
        }
    }

    [Fact]
    public void The_status_word_of_a_process_is_read_as_C_does()
    {
        WaitStatus.FromRaw(7, 0x0300).Should().Be(new WaitStatus(7, 3, 0));
        WaitStatus.FromRaw(7, 0x89).Should().Be(new WaitStatus(7, 0, 9));
    }
}
