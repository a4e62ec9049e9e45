using System.Text;

namespace Hull.Linux.Tests;

/// <summary>The search for a home directory in what an image calls its /etc/passwd.</summary>
[Rule("PROC-04")]
public sealed class PasswordEntriesTests
{
    [Theory]
    [InlineData("root:x:0:0:root:/root:/bin/sh\nme:x:1000:1000::/home/me:/bin/sh\n", 1000, "/home/me")]
    [InlineData("me:x:1000:1000::/home/me:/bin/sh", 1000, "/home/me")]
    [InlineData("me:x:1000:1000::/home/me", 1000, "/home/me")]
    [InlineData("one:x:7:7::/first:\ntwo:x:7:7::/second:\n", 7, "/first")]
    [InlineData("me:x:01000:1000::/home/me:\n", 1000, "/home/me")]
    [InlineData("me:x:1000:1000::/home/with space é:\n", 1000, "/home/with space é")]
    public void The_first_entry_of_the_user_counts(string passwords, uint user, string home) => HomeOf(passwords, user).Should().Be(home);

    [Theory]
    [InlineData("")]
    [InlineData("\n\n::::::\n")]
    [InlineData("root:x:0:0:root:/root:/bin/sh\n")]
    [InlineData("me:x:1000:1000::\n")]
    [InlineData("me:x:1000:1000:::/bin/sh\n")]
    [InlineData("me:x:1000\n:x::/home/me\n")]
    [InlineData("me:x:x1000:1000::/home/me:\n")]
    [InlineData("me:x:1000x:1000::/home/me:\n")]
    [InlineData("me:x:-1000:1000::/home/me:\n")]
    [InlineData("me:x:4294968296:1000::/home/me:\n")]
    [InlineData("me:x:18446744073709552616:1000::/home/me:\n")]
    [InlineData("me:x::1000::/home/me:\n")]
    [InlineData("me:x:1000:1000::/home\0/me:\n")]
    public void Without_an_entry_it_is_the_root(string passwords) => HomeOf(passwords, 1000).Should().Be("/");

    [Fact]
    public void An_entry_without_a_user_id_belongs_to_no_user() => HomeOf("me:x::0::/home/me:\n", 0).Should().Be("/");

    [Fact]
    public void A_home_that_is_too_long_for_a_path_is_none()
    {
        string longest = "/" + new string('a', 4094);

        HomeOf($"me:x:1000:1000::{longest}:\n", 1000).Should().Be(longest);
        HomeOf($"me:x:1000:1000::{longest}a:\n", 1000).Should().Be("/");
    }

    /// <summary>A file that is longer than what is read of it: the environment must not end in the middle of an entry, without its final zero.</summary>
    [Theory]
    [InlineData("me:x:1000:1000::/home/m", "/")]
    [InlineData("me:x:1000:1000::", "/")]
    [InlineData("me:x:10", "/")]
    [InlineData("me:x:1000:1000::/home/me:/bin/s", "/home/me")]
    public void An_entry_that_is_cut_in_its_home_is_none(string passwords, string home) => HomeOf(passwords, 1000, isCut: true).Should().Be(home);

    private static string HomeOf(string passwords, uint user, bool isCut = false)
    {
        var home = new HomeVariable();
        var entries = new PasswordEntries(user, home);
        foreach (byte letter in Encoding.UTF8.GetBytes(passwords))
        {
            if (!entries.IsFound)
            {
                entries.Next(letter);
            }
        }

        if (!entries.IsFound && !isCut)
        {
            entries.EndOfFile();
        }

        entries.Cut();
        return home.Value;
    }
}
