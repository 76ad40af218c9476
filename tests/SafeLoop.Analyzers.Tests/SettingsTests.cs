using SafeLoop.Analyzers.Tests.Support;

namespace SafeLoop.Analyzers.Tests;

/// <summary>What an .editorconfig can add and take away.</summary>
public sealed class SettingsTests
{
    private const string OwnDelay =
        "async Task Try() { if (await Read() == 1) { await Snooze(); await {|#0:Try()|}; } } Task Snooze() => null;";
    private const string OwnScheduler =
        "void Loop() { Log(1); Jobs.Later({|#0:Loop|}); } static class Jobs { public static void Later(Action what) { } }";

    [Fact]
    public Task Without_settings_own_names_mean_nothing() => Task.WhenAll(
        RuleTest.Members(OwnDelay.Replace("#0", "SLP004", StringComparison.Ordinal)),
        RuleTest.Members(OwnScheduler.Replace("{|#0:Loop|}", "Loop", StringComparison.Ordinal)));

    [Theory]
    [InlineData("snooze")]
    [InlineData("Nap, Snooze")]
    public Task Own_delays(string names) =>
        RuleTest.Members(OwnDelay.Replace("#0", "SLP001", StringComparison.Ordinal), $"safeloop_extra_delay_names = {names}");

    [Theory]
    [InlineData("Later")]
    [InlineData("Other.Thing, Jobs.Later")]
    public Task Own_schedulers(string names) =>
        RuleTest.Members(OwnScheduler.Replace("#0", "SLP003", StringComparison.Ordinal), $"safeloop_extra_schedulers = {names}");

    [Fact]
    public Task A_severity() =>
        RuleTest.Members("async Task Loop() { await Work(); await Loop(); }", "dotnet_diagnostic.SLP001.severity = none");
}
