using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SafeLoop.Dashboard;

/// <summary>Writes the events of a viewer as server-sent events, until the viewer leaves or the host stops.</summary>
internal sealed class EventStream(EventHub hub, TimeProvider time) : IResult
{
    // A proxy ends connections without traffic, often after a minute. It is an event because scripts do not see comments: a
    // page that receives nothing for longer knows that its connection is dead.
    private static readonly TimeSpan HereInterval = TimeSpan.FromSeconds(15);

    // Then the browser connects again, and is authorized again.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers["X-Accel-Buffering"] = "no";
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var subscription = hub.Subscribe(httpContext.Request.Headers["Last-Event-ID"].FirstOrDefault());
        using var limit = new CancellationTokenSource(Longest, time);
        var stopping = httpContext.RequestServices.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? default;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, limit.Token, stopping);
        try
        {
            await WriteAsync(response, subscription, end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
        }
    }

    private async Task WriteAsync(HttpResponse response, EventSubscription subscription, CancellationToken end)
    {
        await subscription.Ready.WaitAsync(end).ConfigureAwait(false);
        var greeting = subscription.IsReset ? "reset" : "hello";
        await SendAsync(response, $"retry: 3000\nid: {subscription.FirstId}\nevent: {greeting}\ndata: {{}}\n\n", end)
            .ConfigureAwait(false);
        while (true)
        {
            var hasEvents = subscription.Events.WaitToReadAsync(end).AsTask();
            try
            {
                if (!await hasEvents.WaitAsync(HereInterval, time, end).ConfigureAwait(false))
                    return;
            }
            catch (TimeoutException)
            {
                await SendAsync(response, "event: here\ndata: {}\n\n", end).ConfigureAwait(false);
                continue;
            }
            while (subscription.Events.TryRead(out var change))
                await SendAsync(response, Format(subscription, change), end).ConfigureAwait(false);
        }
    }

    private static string Format(EventSubscription subscription, ChangeEvent change)
    {
        var names = change.Names is null ? "null" : JsonSerializer.Serialize(change.Names, ApiJson.Default.IReadOnlyListString);
        return $"id: {subscription.IdOf(change)}\nevent: {change.Kind}\ndata: {{\"{change.Kind}\":{names}}}\n\n";
    }

    private static async Task SendAsync(HttpResponse response, string text, CancellationToken end)
    {
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), end).ConfigureAwait(false);
        await response.Body.FlushAsync(end).ConfigureAwait(false);
    }
}
