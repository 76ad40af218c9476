using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace LocalServers;

/// <summary>Redis from the package <c>redis-server</c>, with an append-only file that is written before it answers.</summary>
/// <param name="durable">True: the file is on the disk, as in production, before it answers. False: faster,
/// and it still survives the process.</param>
/// <param name="persistent">False: there is no file, and a restart loses everything.</param>
public sealed class RedisServer(bool durable = false, bool persistent = true) : LocalServer("redis")
{
    protected override ProcessStartInfo Command() => new(
        Find("redis-server", "redis-server"),
        [
            "--bind", "127.0.0.1", "--port", Text(Port), "--dir", Folder, "--logfile", LogFile, "--save", "",
            "--appendonly", persistent ? "yes" : "no", "--appendfsync", durable ? "always" : "no", "--maxclients", "2000",
        ]);

    // While it loads its file it answers with an error.
    protected override bool Answers()
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, Port);
            client.GetStream().Write("PING\r\n"u8);
            var answer = new byte[5];
            return client.GetStream().ReadAtLeast(answer, 5, throwOnEndOfStream: false) == 5
                && answer.AsSpan().SequenceEqual("+PONG"u8);
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return false;
        }
    }
}
