using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Samples.Tests.Dashboard;

/// <summary>A process that Prometheus scrapes, which can die and come back at the same address.</summary>
internal sealed class ScrapedTarget : IDisposable
{
    private HttpListener? _listener;

    /// <summary>What it answers.</summary>
    public string Metrics { get; set; } = "";

    public int Port { get; } = FindFreePort();

    public void Start()
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/");
        var listener = new HttpListener { Prefixes = { address } };
        listener.Start();
        _listener = listener;
        _ = AnswerAsync(listener);
    }

    public void Stop()
    {
        _listener?.Close();
        _listener = null;
    }

    public void Dispose() => Stop();

    private async Task AnswerAsync(HttpListener listener)
    {
        try
        {
            while (true)
            {
                var context = await listener.GetContextAsync();
                context.Response.KeepAlive = false;
                context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(Metrics));
                context.Response.Close();
            }
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException or IOException)
        {
            // It was stopped, or Prometheus had no patience.
            if (_listener == listener)
                _ = AnswerAsync(listener);
        }
    }

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
