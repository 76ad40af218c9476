namespace SafeLoop.EntityFrameworkCore.Tests;

public sealed class StoredTextTests
{
    [Fact]
    public void What_no_database_takes_is_replaced()
    {
        Assert.Equal("a\uFFFDb", StoredText.Clean("a\0b"));
        Assert.Equal("a\uFFFD", StoredText.Clean("a\uD800"));
        Assert.Equal("\uFFFDa", StoredText.Clean("\uDC00a"));
        Assert.Equal("a😀", StoredText.Clean("a😀"));
    }

    [Fact]
    public void Long_text_is_cut_and_never_between_the_halves_of_a_character()
    {
        Assert.Equal("abc…", StoredText.Clean("abcdef", longest: 4));
        Assert.Equal("a\uFFFD…", StoredText.Clean("a😀b😀", longest: 3));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("=")]
    [InlineData("=a")]
    [InlineData("a")]
    public void The_key_of_a_loop_comes_back(string? key) => Assert.Equal(key, StoredText.FromLoopKey(StoredText.LoopKey(key)));

    [Fact]
    public void A_key_that_was_changed_is_equal_to_no_other()
    {
        string[] keys = ["a\0", "a\uFFFD", "a\uD800", new('x', 201), new('x', 202), new string('x', 200) + "y"];
        var stored = keys.Select(StoredText.Key).ToList();

        Assert.Equal(keys.Length, stored.Distinct().Count());
        Assert.All(stored, key => Assert.InRange(StoredText.LoopKey(key).Length, 1, StoredText.LongestKey));
        var unchanged = Assert.Single(stored, key => key.Length <= 200);
        Assert.Equal("a\uFFFD", unchanged);
    }
}
