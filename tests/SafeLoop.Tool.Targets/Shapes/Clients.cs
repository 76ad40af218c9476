using System.Net;

namespace Targets.Shapes;

/// <summary>An HttpClient for each call, each with its own connections.</summary>
internal sealed class Clients : Shape
{
    private static readonly List<HttpClient> _clients = [];

    protected override void Add(int i, int count)
    {
        var client = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() });
        client.DefaultRequestHeaders.Add("X-Call", new string('x', 1_000));
        _clients.Add(client);
    }
}
