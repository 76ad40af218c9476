using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Targets.Innocents;

/// <summary>ASP.NET with as many requests in flight as asked for, each inside some middleware.</summary>
internal sealed class WebServer : ITarget
{
    public async Task RunAsync(Work work)
    {
        var arrived = 0;
        var all = new TaskCompletionSource();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        for (var i = 0; i < 10; i++)
            app.Use(async (context, next) => await next(context));
        app.MapGet("/", async () =>
        {
            if (Interlocked.Increment(ref arrived) == work.Count)
                all.SetResult();
            await new TaskCompletionSource().Task;
        });
        await app.StartAsync();

        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue })
        {
            DefaultRequestVersion = HttpVersion.Version11
        };
        var requests = Enumerable.Range(0, work.Count).Select(_ => client.GetStringAsync(new Uri(address))).ToArray();
        await all.Task;
        Work.Ready();
        await Task.WhenAll(requests);
    }
}
