namespace SafeLoop.Tests.Observing;

public class PrintableTests
{
    [Theory]
    [InlineData("orders", "orders")]
    [InlineData("Aufträge 😀 注文 \\n", "Aufträge 😀 注文 \\n")]
    [InlineData("a\n2026-01-01 crit: FORGED", @"a\n2026-01-01 crit: FORGED")]
    [InlineData("a\r\n\tb", @"a\r\n\tb")]
    [InlineData("\u001b[2J\u0007\0", @"\u001B[2J\u0007\u0000")]
    [InlineData("a\u0085b\u2028c\u2029d", @"a\u0085b\u2028c\u2029d")]
    [InlineData("user\u202Etxt.exe\u2066\u200F\uFEFF", @"user\u202Etxt.exe\u2066\u200F\uFEFF")]
    [InlineData("\U000E0041", @"\U000E0041")]
    public void It_is_one_line_that_commands_nothing(string text, string line) => Assert.Equal(line, Printable.Escape(text));

    [Fact]
    public void Half_a_pair_is_escaped_and_a_whole_one_is_not() =>
        Assert.Equal(@"\uD83Da😀\uDE00", Printable.Escape("\uD83Da\uD83D\uDE00\uDE00"));

    [Fact]
    public void What_is_too_long_is_cut_where_a_character_ends()
    {
        Assert.Equal("abcd", Printable.Escape("abcd", 4));
        Assert.Equal("abc…", Printable.Escape("abcde", 4));
        Assert.Equal("ab…", Printable.Escape("ab😀😀", 4));
        Assert.Equal("ab…", Printable.Escape("ab\n\n", 4));
        Assert.Equal(@"ab\n", Printable.Escape("ab\n", 4));
        Assert.Equal(200, Printable.Escape(new string('\n', 1_000_000)).Length + 1);
    }

    [Fact]
    public void What_needs_no_change_is_not_copied()
    {
        var text = new string('x', 200);

        Assert.Same(text, Printable.Escape(text));
    }
}
