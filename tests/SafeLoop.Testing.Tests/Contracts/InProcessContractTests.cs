namespace SafeLoop.Testing.Tests.Contracts;

/// <summary>The default provider keeps the contract.</summary>
public class InProcessContractTests : LockProviderContract
{
    private readonly VirtualClock _clock = new(VirtualTime.DefaultStart);
    private readonly InProcessLockProvider _locks;

    public InProcessContractTests() => _locks = new InProcessLockProvider(new Pacemaker(_clock));

    protected override ILoopLockProvider CreateProvider(int client) => _locks;

    protected override Task AdvanceAsync(TimeSpan time)
    {
        _clock.MoveTo(_clock.GetTimestamp() + time.Ticks);
        return Task.CompletedTask;
    }
}
