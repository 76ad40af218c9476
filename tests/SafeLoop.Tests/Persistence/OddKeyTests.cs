using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Storage;
using SafeLoop.Testing;

namespace SafeLoop.Tests.Persistence;

public class OddKeyTests
{
    [Theory]
    [InlineData("throws", "ToString of a key of type OddKey threw InvalidOperationException")]
    [InlineData("null", "ToString of a key of type OddKey returned null")]
    public async Task A_key_without_a_text_fails_and_pauses_but_nothing_is_stored_of_it(string text, string sentence)
    {
        await using var hosts = new StoredHosts();
        var host = await StartAsync(hosts);
        Keys(host).TryAdd(new(1, () => text == "null" ? null : throw new InvalidOperationException("no text")));
        Keys(host).TryAdd(new(2, () => "two"));
        await host.AdvanceAsync(5.Minutes);
        Keys(host).Find(new(1, () => ""))!.Pause("release");
        await host.AdvanceAsync(10.Seconds);

        Assert.Contains(sentence, Assert.Single(Sentences(host)), StringComparison.Ordinal);
        Assert.Equal(["", "two"], Rows(hosts).Select(row => $"{row.Key}").Order());
        Assert.Null(Rows(hosts).Single(row => row.Key is null).Pause);
        Assert.Equal("release", Keys(host).Find(new(1, () => ""))!.Snapshot().StateReason);
        Assert.DoesNotContain(hosts.Entries("odd"), entry => entry.Key is null);
    }

    [Fact]
    public async Task Of_two_keys_with_the_same_text_the_state_of_one_is_stored()
    {
        await using var hosts = new StoredHosts();
        var host = await StartAsync(hosts);
        Keys(host).TryAdd(new(1, () => "same"));
        await host.AdvanceAsync(10.Seconds);
        Keys(host).TryAdd(new(2, () => "same"));
        await host.AdvanceAsync(10.Seconds);
        Keys(host).Find(new(2, () => ""))!.Pause("release");
        await host.AdvanceAsync(10.Seconds);

        Assert.Contains("Two keys have the text 'same'", Assert.Single(Sentences(host)), StringComparison.Ordinal);
        var row = Assert.Single(Rows(hosts), row => row.Key is not null);
        Assert.Equal((1, null), (row.ConsecutiveFailures, row.Pause));

        await hosts.OperatorAsync(async store => await store.AddCommandAsync(
            new() { Id = Guid.NewGuid(), TaskName = "odd", Key = "same", Kind = TaskCommandKind.Pause }, default));
        await host.AdvanceAsync(6.Seconds);
        Assert.Null(Keys(host).Find(new(1, () => ""))!.Snapshot().StateReason);
    }

    [Fact]
    public async Task A_key_whose_text_changes_keeps_its_row_and_writes_no_other()
    {
        await using var hosts = new StoredHosts();
        var host = await StartAsync(hosts);
        var text = "first";
        Keys(host).TryAdd(new(1, () => text));
        await host.AdvanceAsync(10.Seconds);
        text = "second";
        await host.AdvanceAsync(5.Minutes);

        Assert.Contains("'second', and 'first' before", Assert.Single(Sentences(host)), StringComparison.Ordinal);
        Assert.Equal("first", Assert.Single(Rows(hosts), row => row.Key is not null).Key);
    }

    [Fact]
    public async Task A_key_whose_text_is_too_long_is_named()
    {
        await using var hosts = new StoredHosts();
        var host = await StartAsync(hosts);
        Keys(host).TryAdd(new(1, () => $"customer 42 {new string('x', 300)}"));
        await host.AdvanceAsync(10.Seconds);

        Assert.StartsWith(
            "The text of key 'customer 42 xxxxx", Assert.Single(Sentences(host)), StringComparison.Ordinal);
    }

    private static IRecurringTaskKeys<ScriptedKey<OddKey>, OddKey> Keys(VirtualHost host) =>
        host.Services.GetRequiredService<IRecurringTaskKeys<ScriptedKey<OddKey>, OddKey>>();

    private static IEnumerable<string> Sentences(VirtualHost host) => host.Observer.Events
        .Where(one => one.FaultKind is FaultKind.KeyNotStored).Select(one => one.Text!);

    private static StoredLoop[] Rows(StoredHosts hosts) =>
        hosts.Database.Read("app", stored => stored.FindTask("odd")!.Loops.Select(loop => loop.State).ToArray());

    private static Task<VirtualHost> StartAsync(StoredHosts hosts) => hosts.StartAsync(services => services
        .AddSingleton(new KeyScript { IsFailing = true }).AddRecurringTask<ScriptedKey<OddKey>, OddKey>("odd").Every(1.Minutes));
}
