using SafeLoop.Storage;

namespace SafeLoop.Testing;

// Text: whatever users, keys and exceptions contain.
public abstract partial class RecurringTaskStoreContract
{
    private static readonly string[] PlainKeys =
    [
        "", " ", "a", "A", "a ", " a", "a\t", "a\n", "ä", "a\u0308", "Ä", "ß", "ss", "ı", "i", "I", "İ", "%", "_", "a%", "'",
        "\"", "\\", "[", "null", "NULL", "0", "00", "1e0", "😀", "😁", "\u200B", "\uFEFF", "\uFFFD", "\uFFFF", "\u05D0\u0627",
        "日本", new('x', 200), new('X', 200),
    ];

    private static readonly string[] OddKeys =
    [
        "a\0", "a\0b", "\0", "\0\0", "a\uD800", "a\uD801", "\uDC00a", "\uDC01a", "a\uFFFD", "\uFFFDa",
        new string('x', 10_000) + "1", new string('x', 10_000) + "2", new string('x', 10_000), new string('\0', 10_000),
        string.Concat(Enumerable.Repeat("😀", 5_000)), string.Concat(Enumerable.Repeat("😀", 4_999)),
    ];

    /// <summary>A key is whatever its text is.</summary>
    [Fact]
    public async Task Keys_that_differ_in_any_character_are_different_and_come_back_unchanged()
    {
        var host = await StartAsync();
        await SaveKeysAsync(host, PlainKeys);

        Assert.Equal(
            PlainKeys.Order(StringComparer.Ordinal),
            (await host.LoadAsync(StoreHost.Nightly)).Where(loop => loop.Key is not null).Select(loop => loop.Key)
                .Order(StringComparer.Ordinal));
        await AssertKeysAreApartAsync(host, PlainKeys, isUnchanged: true);
    }

    /// <summary>The text of a key may be replaced or cut, but two keys never become one.</summary>
    [Fact]
    public async Task Keys_with_characters_no_database_takes_and_long_keys_are_different()
    {
        var host = await StartAsync();
        await SaveKeysAsync(host, OddKeys);

        Assert.Equal(OddKeys.Length + 1, (await host.LoadAsync(StoreHost.Nightly)).Count);
        await AssertKeysAreApartAsync(host, OddKeys, isUnchanged: false);
    }

    /// <summary>A keyed task as a whole is not the key without text.</summary>
    [Fact]
    public async Task A_key_without_text_is_not_the_task_as_a_whole()
    {
        var host = await StartAsync();
        await host.SaveAsync(
            new LoopChange { Loop = StoreHost.Loop() with { LastSlot = Slot(1) } },
            new LoopChange { Loop = StoreHost.Loop("") with { LastSlot = Slot(2) } });
        Assert.Equal(Slot(1), (await host.FindAsync())?.LastSlot);
        Assert.Equal(Slot(2), (await host.FindAsync(""))?.LastSlot);

        await host.Store.EraseAsync(StoreHost.Nightly, "", default);
        Assert.Equal(Slot(1), (await host.FindAsync())?.LastSlot);
    }

    /// <summary>One exception with an odd message does not cost the batch.</summary>
    [Fact]
    public async Task Any_text_is_saved_and_text_that_is_short_and_whole_comes_back_unchanged()
    {
        string[] plain = ["", "'; DROP TABLE x; --", "a\r\nb\t", "😀 ä 日本", "{0} {{", new('x', 200)];
        string[] odd = ["a\0b", "a\uD800b", "a\uDC00", new string('x', 200) + new string('y', 9_800)];
        var host = await StartAsync();
        foreach (var (n, text) in plain.Concat(odd).Index())
        {
            var entry = host.Entry(Slot(n), IterationOutcome.Failed) with { ErrorType = text, ErrorDetails = text };
            entry = entry with { Record = entry.Record with { Error = text } };
            var pause = new TaskPause { Reason = text, By = text, Since = Slot(n) };
            var loop = StoreHost.Loop($"{n}") with { Pause = pause, Schedule = text };
            await host.SaveAsync(host.Batch() with
            {
                History = [entry],
                Loops = [new() { Loop = loop, HasPauseChanged = true }],
            });
            var command = Command(TaskCommandKind.RunNow) with { Reason = text, By = text };
            await host.Store.AddCommandAsync(command, default);
            Assert.True(await host.Store.TryTakeCommandAsync(command.Id, host.Id, default));
            await host.CompleteAsync(command.Id, text);

            var saved = Assert.Single(await host.ReadAsync(new() { From = Slot(n) }));
            var known = (await host.SendHeartbeatAsync()).Commands[^1];
            AssertText(text, saved.Record.Error, saved.ErrorType, saved.ErrorDetails);
            AssertText(text, known.Reason, known.By);
            AssertText(text, Assert.Single((await FindAsync(host, command)).Results).Text);
            var stored = (await host.FindAsync($"{n}"))!;
            AssertText(text, stored.Schedule, stored.Pause?.Reason, stored.Pause?.By);
        }

        void AssertText(string text, params string?[] saved) => Assert.All(saved, one =>
        {
            if (plain.Contains(text))
                Assert.Equal(text, one);
            else
                Assert.Equal(text[0], Assert.IsType<string>(one)[0]);
        });
    }

    /// <summary>Names of machines and versions come from elsewhere.</summary>
    [Fact]
    public async Task An_instance_may_have_any_name()
    {
        foreach (var text in (string[])["", "a\0b", "a\uD800b", new('x', 10_000)])
        {
            var host = await StartAsync();
            var instance = new StoreInstance
            {
                Id = Guid.NewGuid(),
                Application = _application,
                Host = text,
                ProcessId = int.MaxValue,
                Version = text,
            };
            await host.Store.ConnectAsync(instance, default);
            Assert.False((await host.Store.SendHeartbeatAsync(instance.Id, StoreHost.Idle, after: 0, LostAfter, default)).IsLost);
        }
    }

    private static async Task SaveKeysAsync(StoreHost host, string[] keys) => await host.SaveAsync(host.Batch() with
    {
        History = [.. keys.Select((key, n) => host.Entry(Slot(n), key: key))],
        Loops = [.. keys.Select((key, n) => new LoopChange { Loop = StoreHost.Loop(key) with { LastSlot = Slot(n) } })],
    });

    private static async Task AssertKeysAreApartAsync(StoreHost host, string[] keys, bool isUnchanged)
    {
        foreach (var (n, key) in keys.Index())
        {
            var entry = Assert.Single(await host.ReadAsync(new() { TaskName = StoreHost.Nightly, Key = key }));
            Assert.Equal(Slot(n), entry.Record.Slot);
            Assert.True(entry.Key == key || !isUnchanged, $"A key came back as '{entry.Key}'.");
            Assert.True(await host.ClaimAsync(Slot(1_000 - n), key));
            Assert.False(await host.ClaimAsync(Slot(999 - n), key));
        }
        foreach (var (n, key) in keys.Index().Where(pair => pair.Index % 2 == 0))
            await host.Store.EraseAsync(StoreHost.Nightly, key, default);
        foreach (var (n, key) in keys.Index())
        {
            var left = await host.ReadAsync(new() { TaskName = StoreHost.Nightly, Key = key });
            Assert.Equal(n % 2, left.Count);
        }
    }
}
