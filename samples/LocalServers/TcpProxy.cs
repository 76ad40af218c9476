using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace LocalServers;

/// <summary>
/// A network that can fail: between clients and a server on the loopback, it cuts connections, or lets them hang silently.
/// </summary>
public sealed class TcpProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, bool> _open = new();
    private readonly int _server;
    private volatile TaskCompletionSource _flows = Done();

    public TcpProxy(int serverPort)
    {
        _server = serverPort;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    /// <summary>What clients connect to.</summary>
    public int Port { get; }

    /// <summary>How many connections pass through.</summary>
    public int Count => _open.Count / 2;

    /// <summary>Ends every connection there is; new ones pass.</summary>
    public void Cut()
    {
        foreach (var socket in _open.Keys)
            Close(socket);
    }

    /// <summary>
    /// From now on nothing passes, in either direction, without an error. New connections are accepted and hang too.
    /// </summary>
    public void Stall() => _flows = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Everything passes again, also what was held back.</summary>
    public void Resume() => _flows.TrySetResult();

    public void Dispose()
    {
        _listener.Stop();
        Resume();
        Cut();
    }

    private static TaskCompletionSource Done()
    {
        var done = new TaskCompletionSource();
        done.SetResult();
        return done;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ConnectAsync(await _listener.AcceptSocketAsync());
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // the proxy is disposed
        }
    }

    private async Task ConnectAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        (client.NoDelay, server.NoDelay) = (true, true);
        (_open[client], _open[server]) = (true, true);
        try
        {
            await _flows.Task;
            await server.ConnectAsync(IPAddress.Loopback, _server);
            await Task.WhenAny(PumpAsync(client, server), PumpAsync(server, client));
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // the server is down: so is the connection
        }
        Close(client);
        Close(server);
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is var count and > 0)
            {
                await _flows.Task;
                await to.SendAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // cut
        }
    }

    // With a reset, as a broken network does it, not with a polite goodbye.
    private void Close(Socket socket)
    {
        if (!_open.TryRemove(socket, out _))
            return;
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }
}
