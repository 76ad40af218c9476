using SafeLoop.Tests.Silos;

namespace SafeLoop.Tests.Operations;

/// <summary>How a request finds the owner of a loop, in virtual time.</summary>
public class OperationRouterTests
{
    private static readonly ShardId Shard = new("poll", 0);
    private static readonly MemberReply Done = new() { Kind = MemberReplyKind.Done };
    private static readonly MemberReply NotHere = new()
    {
        Kind = MemberReplyKind.NotHere, Message = "another host owns the loop",
    };

    private readonly VirtualClock _clock = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly TestDirectory _directory = new();
    private readonly TestCalls _calls = new();
    private readonly MemoryShardStore _store;
    private readonly OperationRouter _router;

    public OperationRouterTests()
    {
        _store = new(_clock);
        _router = new(_directory, _store, _calls, _calls, _clock);
        _directory.Owner = Member("b");
    }

    [Fact]
    public async Task The_member_of_the_plan_is_asked_first()
    {
        _calls.Answer = static _ => Done;

        var (reply, owner) = await SendAsync(isRepeatable: false);

        Assert.Equal((Done, "b"), (reply, owner.Name));
        Assert.Equal(["b"], _calls.Asked);
        Assert.Empty(_store.Calls);
    }

    [Fact]
    public async Task A_host_that_does_not_own_it_makes_the_router_look_into_the_store()
    {
        var lease = (await _store.JoinAsync(Join("c"), default)).Lease;
        await _store.TakeAsync(lease, [new() { Id = Shard, Epoch = 0 }], default);
        _directory.ByLease[lease] = Member("c");
        _calls.Answer = static name => name == "c" ? Done : NotHere;

        var (_, owner) = await SendAsync(isRepeatable: false);

        Assert.Equal("c", owner.Name);
        Assert.Equal(["b", "c"], _calls.Asked);
    }

    [Fact]
    public async Task While_a_loop_moves_the_request_waits_for_its_next_owner()
    {
        var began = _clock.GetUtcNow();
        _calls.Answer = _ => _clock.GetUtcNow() - began > TimeSpan.FromSeconds(3) ? Done : NotHere;

        await SendAsync(isRepeatable: false);

        Assert.InRange(_clock.GetUtcNow() - began, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5));
        Assert.InRange(_calls.Asked.Count, 5, 10);
    }

    [Fact]
    public async Task Without_an_owner_it_ends_with_a_sentence_that_it_was_not_executed()
    {
        _calls.Answer = static _ => NotHere;
        var began = _clock.GetUtcNow();

        var error = await Assert.ThrowsAsync<TimeoutException>(() => SendAsync(isRepeatable: false));

        Assert.Equal(
            "No host of the cluster owned recurring task 'poll' (shard 0) within 00:00:15: Host 'b' (at b) has not executed it: "
                + "another host owns the loop. The operation 'run' was not executed.",
            error.Message);
        Assert.InRange(_clock.GetUtcNow() - began, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(17));
    }

    [Fact]
    public async Task Without_a_member_that_has_the_task_too()
    {
        _directory.Owner = null;

        var error = await Assert.ThrowsAsync<TimeoutException>(() => SendAsync(isRepeatable: true));

        Assert.Equal(
            "No host of the cluster owned recurring task 'poll' (shard 0) within 00:00:15: no member has the task. The operation "
                + "'run' was not executed.",
            error.Message);
    }

    [Fact]
    public async Task A_run_is_not_sent_again_when_the_owner_has_not_replied()
    {
        _calls.Answer = static _ => throw new MemberUnreachableException("TimeoutException: too late");

        var error = await Assert.ThrowsAsync<TimeoutException>(() => SendAsync(isRepeatable: false));

        Assert.Equal(
            "Host 'b' (at b), which owns recurring task 'poll', has not replied (TimeoutException: too late). It may have "
                + "executed the operation 'run'.",
            error.Message);
        Assert.Equal(["b"], _calls.Asked);
    }

    [Fact]
    public async Task What_may_be_repeated_is_sent_to_the_next_owner()
    {
        _calls.Answer = name =>
        {
            _directory.Owner = Member("c");
            return name == "c" ? Done : throw new MemberUnreachableException("gone");
        };

        var (_, owner) = await SendAsync(isRepeatable: true);

        Assert.Equal("c", owner.Name);
        Assert.Equal(["b", "c"], _calls.Asked);
    }

    [Fact]
    public async Task A_store_that_is_down_is_no_reason_to_give_up()
    {
        _store.Fault = static (_, _) => StoreFault.Throws;
        _calls.Answer = _ => _calls.Asked.Count < 3 ? NotHere : Done;

        await SendAsync(isRepeatable: false);

        Assert.Equal(["b", "b", "b"], _calls.Asked);
    }

    [Theory]
    [InlineData(typeof(KeyNotFoundException))]
    [InlineData(typeof(ArgumentException))]
    [InlineData(typeof(TimeoutException))]
    [InlineData(typeof(InvalidOperationException))]
    public async Task An_exception_of_the_owner_comes_back_as_the_same_type_with_its_message(Type type)
    {
        var thrown = (Exception)Activator.CreateInstance(type, "It is broken.")!;
        _calls.Answer = _ => MemberFault.ToReply(thrown);

        var error = await Assert.ThrowsAsync(type, () => SendAsync(isRepeatable: true));

        Assert.Equal("It is broken.", error.Message);
    }

    [Fact]
    public async Task An_exception_that_is_none_of_them_comes_back_with_its_type_in_the_message()
    {
        _calls.Answer = _ => MemberFault.ToReply(new FormatException("It is broken."));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => SendAsync(isRepeatable: true));

        Assert.Equal("System.FormatException: It is broken.", error.Message);
    }

    [Fact]
    public async Task An_owner_of_an_older_version_is_named()
    {
        _calls.Answer = static _ => new() { Kind = MemberReplyKind.Unknown };

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => SendAsync(isRepeatable: true));

        Assert.Equal(
            "Host 'b' (at b) has another version of SafeLoop, which does not know the operation 'run'. Update it.",
            error.Message);
    }

    [Fact]
    public async Task A_caller_that_no_longer_waits_ends_the_search()
    {
        using var cancel = new CancellationTokenSource();
        _calls.Answer = _ =>
        {
            cancel.Cancel();
            return NotHere;
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SendAsync(isRepeatable: true, cancel.Token));
    }

    private async Task<(MemberReply Reply, ClusterMember Owner)> SendAsync(bool isRepeatable, CancellationToken token = default)
    {
        var sent = _router.SendAsync(Shard, new() { Operation = MemberOperation.Run, Task = "poll" }, isRepeatable, token);
        await Poll.UntilAsync(
            () =>
            {
                if (!sent.IsCompleted && _clock.NextDue is { } due)
                    _clock.MoveTo(due);
                return sent.IsCompleted;
            },
            () => "It is neither sent nor waits for the clock.");
        return await sent;
    }

    private static ClusterMember Member(string name) => new() { Name = name, Address = $"at {name}", Tasks = ["poll"] };

    private static ShardJoin Join(string name) => new()
    {
        Cluster = "one", ShardCount = 16, Name = name, Details = "", Length = TimeSpan.FromHours(1),
    };

    private sealed class TestCalls : IMemberCalls, IMemberRequests
    {
        public Func<string, MemberReply> Answer { get; set; } = static _ => throw new InvalidOperationException("Not expected.");

        public List<string> Asked { get; } = [];

        public Task<MemberReply> SendAsync(string address, MemberRequest request, CancellationToken cancellationToken)
        {
            var name = address["at ".Length..];
            Asked.Add(name);
            try
            {
                return Task.FromResult(Answer(name));
            }
            catch (MemberUnreachableException error)
            {
                return Task.FromException<MemberReply>(error);
            }
        }

        public Task<MemberReply> ExecuteAsync(MemberRequest request) => throw new InvalidOperationException("Not this host.");
    }

    private sealed class TestDirectory : IShardDirectory
    {
        public ClusterMember? Owner { get; set; }

        public Dictionary<long, ClusterMember> ByLease { get; } = [];

        public int ShardCount => 16;

        public IReadOnlyList<ClusterMember> Members => [];

        public IEnumerable<string> TaskNames => ["poll"];

        public ClusterTask? FindTask(string name) => new(name, IsKeyed: false, "");

        public ClusterMember? FindOwner(ShardId shard) => Owner;

        public ClusterMember? FindMember(long lease) => ByLease.GetValueOrDefault(lease);

        public void OnNotified()
        {
        }

        public Task DrainAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task RejoinAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
