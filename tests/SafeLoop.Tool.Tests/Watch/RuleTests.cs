namespace SafeLoop.Tool.Tests.Watch;

public class RuleTests
{
    [Theory]
    [InlineData("heap_used / heap_limit > 0.5", true)]
    [InlineData("heap_used / heap_limit > 60%", false)]
    [InlineData("heap_used >= 600MB", true)]
    [InlineData("heap_used >= 600MiB", false)]
    [InlineData("heap_used > 2 * 100MB + 300MB", true)]
    [InlineData("heap_used > 2 * (100MB + 300MB)", false)]
    [InlineData("heap_used - heap_limit < -300MB", true)]
    [InlineData("rss == 0 and heap_used > 1", true)]
    [InlineData("rss != 0 and heap_used > 1", false)]
    [InlineData("rss > 1 or heap_used > 1", true)]
    [InlineData("rss > 1 and rss > 2 or heap_used > 1", true)]
    [InlineData("rss > 1 and (rss > 2 or heap_used > 1)", false)]
    [InlineData("(heap_used) > 1", true)]
    [InlineData("((heap_used / heap_limit > 0.5) and (rss <= 0))", true)]
    [InlineData("heap_used / rss > 1000000", true)] // to divide by nothing is a lot
    public void A_rule_is_arithmetic_over_measures(string rule, bool holds)
    {
        var measures = new Measures { ["heap_used"] = 600e6, ["heap_limit"] = 1000e6 };

        Assert.Equal(holds, Rule.Parse(rule).Holds(measures, TimeSpan.Zero));
    }

    [Fact]
    public void For_asks_that_it_has_held_all_the_time()
    {
        var rule = Rule.Parse("heap_used > 1 for 30s");
        var (high, low) = (new Measures { ["heap_used"] = 2 }, new Measures());

        Assert.False(rule.Holds(high, TimeSpan.FromSeconds(0)));
        Assert.False(rule.Holds(high, TimeSpan.FromSeconds(29)));
        Assert.True(rule.Holds(high, TimeSpan.FromSeconds(30)));
        Assert.False(rule.Holds(low, TimeSpan.FromSeconds(31)));
        Assert.False(rule.Holds(high, TimeSpan.FromSeconds(32)));
        Assert.False(rule.Holds(high, TimeSpan.FromSeconds(61)));
        Assert.True(rule.Holds(high, TimeSpan.FromSeconds(62)));
    }

    [Fact]
    public void Both_sides_of_and_and_or_count_their_time()
    {
        var rule = Rule.Parse("heap_used > 1 for 10s and rss > 1 for 20s");
        var (heap, both) = (new Measures { ["heap_used"] = 2 }, new Measures { ["heap_used"] = 2, ["rss"] = 2 });

        Assert.False(rule.Holds(heap, TimeSpan.FromSeconds(0)));
        Assert.False(rule.Holds(both, TimeSpan.FromSeconds(5)));
        Assert.False(rule.Holds(both, TimeSpan.FromSeconds(24)));
        Assert.True(rule.Holds(both, TimeSpan.FromSeconds(25)));
    }

    [Theory]
    [InlineData("", 0, "a measure or a number is missing")]
    [InlineData("heap_usd > 1", 0, "'heap_usd' is no measure. Known are heap_used, heap_limit")]
    [InlineData("heap_used", 9, "A comparison is missing, like > 0.5.")]
    [InlineData("heap_used >", 11, "a measure or a number is missing")]
    [InlineData("heap_used > 1 for", 17, "After for comes a duration, like 30s.")]
    [InlineData("heap_used > 1 for 30", 18, "'30' is not a duration like 30s")]
    [InlineData("heap_used > 1 rss > 2", 14, "'rss' does not belong here")]
    [InlineData("(heap_used > 1", 14, "A ')' is missing.")]
    [InlineData("heap_used > 5XB", 12, "'5XB' is not a number")]
    [InlineData("heap_used > 1.2.3", 12, "'1.2.3' is not a number")]
    [InlineData("heap_used # 1", 10, "'#' has no meaning in a rule.")]
    [InlineData("heap_used = 1", 10, "'=' has no meaning in a rule.")]
    [InlineData("heap_used > and", 12, "'and' is no measure")]
    public void A_wrong_rule_gets_a_sentence_with_a_caret_under_the_fault(string rule, int at, string sentence)
    {
        var error = Assert.Throws<RuleException>(() => Rule.Parse(rule));

        Assert.Equal((ExitCode.Usage, at), (error.ExitCode, error.At));
        Assert.Contains(sentence, error.Message);
        var lines = error.Message.Split(Environment.NewLine);
        Assert.Equal(rule, lines[^2][4..]);
        Assert.Equal(at, lines[^1][4..].IndexOf('^', StringComparison.Ordinal));
    }

    [Fact]
    public void A_rule_of_brackets_alone_overflows_no_stack()
    {
        var error = Assert.Throws<ToolException>(() => Rule.Parse(new string('(', 60_000) + "1"));

        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Contains("--rule has 60,001 characters", error.Message);
        Assert.Throws<RuleException>(() => Rule.Parse(new string('(', 999)));
    }
}
