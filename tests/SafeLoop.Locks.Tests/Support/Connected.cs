namespace SafeLoop.Locks.Tests;

/// <summary>A client whose connections end with the test.</summary>
internal sealed class Connected(LockClient client) : IAsyncDisposable
{
    public LockClient Value => client;

    public ValueTask DisposeAsync() => client.Connections.DisposeAsync();
}
