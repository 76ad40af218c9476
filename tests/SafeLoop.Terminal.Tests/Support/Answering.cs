using System.Net;
using System.Text;

namespace SafeLoop.Terminal.Tests;

/// <summary>A server that always answers the same.</summary>
internal sealed class Answering(HttpStatusCode status, string body, string type = "application/json") : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, type) });
}
