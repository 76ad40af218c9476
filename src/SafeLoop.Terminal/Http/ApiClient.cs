using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace SafeLoop.Terminal;

/// <summary>Calls the HTTP API, and turns every answer that is not the expected one into a sentence.</summary>
internal sealed class ApiClient : IDisposable
{
    private const int LongestAnswer = 32 * 1024 * 1024;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly HttpClient _client;
    private readonly Uri _url;

    public ApiClient(Uri url, IEnumerable<(string Name, string Value)> headers, HttpMessageHandler handler)
    {
        _url = url;
        _client = new(handler)
        {
            BaseAddress = new(url, "api/"),
            Timeout = Limit,
            MaxResponseContentBufferSize = LongestAnswer,
        };
        _client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        foreach (var (name, value) in headers)
        {
            if (!_client.DefaultRequestHeaders.TryAddWithoutValidation(name, value))
                throw new ToolException(TaskExitCode.Usage, $"--header names '{Printable.Escape(name)}', which no request has.");
        }
    }

    /// <summary>Reads an answer.</summary>
    /// <param name="path">The path below the API.</param>
    /// <param name="query">The parameters; those that are null are left out.</param>
    /// <param name="type">What is expected.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<T> GetAsync<T>(
        string path, IEnumerable<(string Name, string? Value)> query, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var parameters = string.Join('&', query.Where(one => one.Value is not null)
            .Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}"));
        return SendAsync(new(HttpMethod.Get, $"{path}?{parameters}"), type, cancellationToken);
    }

    /// <summary>Sends a body, and reads the answer.</summary>
    public Task<T> PostAsync<TBody, T>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body, bodyType) };
        request.Headers.Add("X-SafeLoop", "1"); // says that no page of another site sends it
        return SendAsync(request, type, cancellationToken);
    }

    public void Dispose() => _client.Dispose();

    private async Task<T> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var sent = request;
        try
        {
            using var response = await _client.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
                throw await RefusalOfAsync(response, cancellationToken);
            return IsJson(response) && await response.Content.ReadFromJsonAsync(type, cancellationToken) is { } answer
                ? answer
                : throw NoApi(null);
        }
        catch (HttpRequestException error)
        {
            throw Unreachable(Innermost(error), error);
        }
        catch (JsonException error)
        {
            throw new ToolException(TaskExitCode.Failed,
                $"The answer of {_url} cannot be read ({Printable.Escape(error.Message, 300)}). Use the versions of the tool and "
                + "of SafeLoop.Dashboard that belong together.", error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable($"it has not answered within {Limit.TotalSeconds:0} s", error);
        }
    }

    private async Task<ToolException> RefusalOfAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var detail = await ReadDetailAsync(response, cancellationToken);
        return (int)response.StatusCode switch
        {
            401 => new(TaskExitCode.NotPermitted, detail ?? $"{_url} does not know who you are. Give a token: --token or "
                + "SAFELOOP_TOKEN, or another header with --header."),
            >= 300 and < 400 => new(TaskExitCode.NotPermitted, $"{_url} redirects to another page, probably to sign in. Give a "
                + "token (--token or SAFELOOP_TOKEN), or correct --url."),
            403 => new(TaskExitCode.NotPermitted, detail ?? $"{_url} does not let you do this. Another token may."),
            404 when detail is not null => new(TaskExitCode.NotFound, detail),
            404 => NoApi(null),
            405 => NoApi(null),
            400 or 413 or 415 when detail is not null => new(TaskExitCode.Usage, detail),
            409 when detail is not null => new(TaskExitCode.Rejected, detail),
            _ => new(TaskExitCode.Failed, detail ?? $"{_url} answered with the status {(int)response.StatusCode}. "
                + "The log of the application says why."),
        };
    }

    private static async Task<string?> ReadDetailAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType is not "application/problem+json")
            return null;
        try
        {
            var problem = await response.Content.ReadFromJsonAsync(TerminalJson.Default.ApiProblemText, cancellationToken);
            return problem?.Detail is { Length: > 0 } detail ? Printable.Escape(detail, Printable.LongestText) : null;
        }
        catch (JsonException)
        {
            return null; // the status says enough
        }
    }

    private static bool IsJson(HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Accepted
        && response.Content.Headers.ContentType?.MediaType is "application/json";

    private ToolException NoApi(Exception? cause) => new(TaskExitCode.Failed,
        $"There is no API of SafeLoop at {_url}. Give --url as the application maps it, such as "
        + $"{_url.GetLeftPart(UriPartial.Authority)}/loops for app.MapRecurringTasks(\"/loops\").", cause);

    private ToolException Unreachable(string why, Exception cause) => new(TaskExitCode.Failed,
        $"{_url} cannot be reached: {Printable.Escape(why, 300).TrimEnd('.')}. Is the application running, and --url right?",
        cause);

    private static string Innermost(Exception error)
    {
        while (error.InnerException is { } inner)
            error = inner;
        return error.Message;
    }
}
