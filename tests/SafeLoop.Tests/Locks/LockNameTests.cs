using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Tests.Keys;

namespace SafeLoop.Tests.Locks;

/// <summary>Which lock an iteration takes, and which names no lock may have.</summary>
public class LockNameTests
{
    private readonly ScriptedLocks _locks = new();
    private readonly List<string> _names = [];

    public LockNameTests() => _locks.Acquire = (request, _) =>
    {
        _names.Add(request.Name);
        return new(true);
    };

    [Theory]
    [InlineData("a", "b/c", "a/b%2Fc")]
    [InlineData("a/b", "c", "a/b/c")]
    [InlineData("a", "b%2Fc", "a/b%252Fc")]
    [InlineData("a", "100%", "a/100%25")]
    [InlineData("device-info", "7", "device-info/7")]
    [InlineData("a%2Fb", "c", "a%2Fb/c")]
    [InlineData("a", "ö \n", "a/ö \n")]
    [InlineData("a", "", "a/")]
    public void The_lock_of_a_key_is_its_own_and_plain_names_keep_their_text(string name, string key, string expected)
    {
        using var poll = KeyedHost(name, key);

        Assert.Equal([expected], _names);
    }

    [Fact]
    public void No_two_pairs_of_a_lock_and_a_key_have_one_lock()
    {
        string[] parts = ["", "a", "/", "%", "a/", "/a", "a%2F", "%2F", "%25", "2F", "a/b", "a%/b", "%252F"];
        var pairs = (from name in parts where name.Length > 0 from key in parts select (name, key)).ToArray();

        Assert.Equal(
            pairs.Length, pairs.Select(pair => LockNames.ForKey(pair.name, pair.key)).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData(
        @"a\u0000b",
        "Recurring task 'task': Lock:Name 'a\\u0000b' has a NUL character at position 1, which PostgreSQL refuses. Remove it.")]
    [InlineData(@"a\uD800", "Recurring task 'task': Lock:Name 'a\\uD800' has half a surrogate pair at position 1, "
        + "which is not valid Unicode text. Remove it.")]
    [InlineData(@"\uDC00a", "Recurring task 'task': Lock:Name '\\uDC00a' has half a surrogate pair at position 0, "
        + "which is not valid Unicode text. Remove it.")]
    [InlineData(" ", "Recurring task 'task': Lock:Name is empty. Give the lock a name.")]
    public void A_name_no_server_takes_is_a_problem_at_start(string name, string problem) =>
        Assert.Equal(
            problem,
            Problem(services => services.AddRecurringTask("task", Steps.None).Every(1.Seconds).WithLock(Regex.Unescape(name))));

    [Theory]
    [InlineData(1024, 'a', true)]
    [InlineData(1025, 'a', false)]
    [InlineData(512, 'ö', true)]
    [InlineData(513, 'ö', false)]
    public void A_name_longer_than_the_key_of_a_database_table_is_a_problem_at_start(int length, char letter, bool isRight)
    {
        var name = new string(letter, length);
        using var host = new LoopHost(services => services.AddRecurringTask("task", Steps.None).Every(1.Seconds).WithLock(name));
        if (isRight)
            host.StartHost();
        else
            Assert.Contains("bytes long in UTF-8", Assert.Throws<InvalidRecurringTaskException>(host.StartHost).Message);
    }

    [Fact]
    public void A_task_under_a_lock_is_named_in_the_store_too() => Assert.EndsWith(
        @"its name contains \u0000, which is not a printable character. Remove it.",
        Problem(services => services.AddRecurringTask("ta\0sk", Steps.None).Cron("* * * * *").WithLock("lock")));

    [Fact]
    public void A_name_that_a_reload_brings_is_refused_and_the_old_one_stays()
    {
        using var host = LoopHost.Run(services => services.AddSingleton<ILoopLockProvider>(_locks)
            .AddRecurringTask("task", Steps.None).Every(1.Seconds).WithLock("lock"));
        host.Configuration["RecurringTasks:task:Lock"] = "a\0";
        host.Configuration.Reload();
        host.Advance(1.Seconds);

        Assert.Contains("NUL", host["task"].Snapshot().RejectedChange);
        Assert.Equal(["lock", "lock"], _names);
    }

    [Theory]
    [InlineData(@"a\u0000", "has a NUL character at position 6")]
    [InlineData(@"\uD800", "has half a surrogate pair at position 5")]
    [InlineData(1020, "1,025 bytes long in UTF-8")]
    public void A_key_whose_lock_no_server_takes_fails_with_a_sentence_and_the_others_run(object key, string sentence)
    {
        var bad = key is string text ? Regex.Unescape(text) : new string('k', (int)key);
        using var poll = KeyedHost("lock", bad, "good");
        poll.Advance(10);

        Assert.Equal(["lock/good", "lock/good"], _names);
        Assert.All(poll.Ended(bad), e => Assert.Equal(IterationOutcome.Failed, e.Record.Outcome));
        Assert.Contains(sentence, poll.Ended(bad)[0].Record.Error);
        Assert.Equal(2, poll.Ended(bad).Count);
    }

    [Fact]
    public void Keys_that_have_no_text_of_their_own_do_not_share_a_lock_in_silence()
    {
        using var host = LoopHost.Run(services => services.AddSingleton<ILoopLockProvider>(_locks)
            .AddRecurringTask<Silent, Silent.Key>().Every(1.Seconds).WithLock("lock"));
        Assert.True(host.Services.GetRequiredService<IRecurringTaskKeys<Silent, Silent.Key>>().TryAdd(new()));
        host.Settle();

        var record = Assert.Single(host.Records());
        Assert.Equal(IterationOutcome.Failed, record.Outcome);
        Assert.Contains("Override ToString", record.Error);
        Assert.Empty(_names);
    }

    private PollHost KeyedHost(string name, params string[] keys)
    {
        var poll = new PollHost(task =>
        {
            task.Services.AddSingleton<ILoopLockProvider>(_locks);
            task.Every(10.Seconds).WithLock(name);
        });
        poll.Add(keys);
        return poll;
    }

    private static string Problem(Action<IServiceCollection> configure)
    {
        using var host = new LoopHost(configure);
        return Assert.Throws<InvalidRecurringTaskException>(host.StartHost).Message;
    }

    private sealed class Silent : IRecurringTask<Silent.Key>
    {
        public ValueTask RunAsync(Key key, Iteration iteration, CancellationToken cancellationToken) => default;

        public sealed class Key;
    }
}
