using LocalServers;

namespace SafeLoop.Locks.Tests;

/// <summary>A back-end with its own real server, for all tests of a collection, which run one after the other.</summary>
public abstract class BackEnd(LocalServer server) : IDisposable
{
    public LocalServer Server { get; } = Started(server);

    /// <summary>A process's way to the locks, set up as docs/locks.md says; through a proxy where its port is given.</summary>
    internal abstract LockClient Connect(int? port = null);

    /// <summary>The server ends the connections of all clients, and goes on.</summary>
    public abstract void EndConnections();

    public void Dispose()
    {
        Server.Dispose();
        GC.SuppressFinalize(this);
    }

    private static LocalServer Started(LocalServer server)
    {
        server.Start();
        return server;
    }
}
