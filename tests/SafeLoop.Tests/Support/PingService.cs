using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests;

/// <summary>The service to which <c>PingAfter</c> reports, without a network.</summary>
internal sealed class PingService : HttpMessageHandler
{
    public const string Url = "https://hc.example/ping/secret-4711";

    private readonly List<string> _requests = [];
    private readonly List<TaskCompletionSource<HttpResponseMessage>> _held = [];

    /// <summary>Paths and queries, in the order in which they came.</summary>
    public IReadOnlyList<string> Requests => [.. _requests.Select(request => request.Replace(Url, "", StringComparison.Ordinal))];

    /// <summary>What it answers; 0: it throws.</summary>
    public HttpStatusCode Answer { get; set; } = HttpStatusCode.OK;

    /// <summary>True: requests get no answer until <see cref="Release"/>.</summary>
    public bool IsHanging { get; set; }

    public void AddTo(IServiceCollection services) => services.AddKeyedSingleton<HttpMessageHandler>("SafeLoop.Pings", this);

    public void Release()
    {
        IsHanging = false;
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null); // what awaits an answer goes on right here
        foreach (var held in _held)
            held.TrySetResult(new(Answer));
        SynchronizationContext.SetSynchronizationContext(outer);
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _requests.Add(request.RequestUri!.AbsoluteUri);
        if (IsHanging)
        {
            var answer = new TaskCompletionSource<HttpResponseMessage>();
            cancellationToken.Register(() => answer.TrySetCanceled(cancellationToken));
            _held.Add(answer);
            return answer.Task;
        }
        return Answer == 0
            ? throw new HttpRequestException($"No route to {Url}.")
            : Task.FromResult(new HttpResponseMessage(Answer));
    }
}
