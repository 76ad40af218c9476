using System.CommandLine;

namespace SafeLoop.Terminal;

/// <summary>The options of the HTTP API.</summary>
/// <param name="environment">Reads an environment variable.</param>
/// <param name="createHandler">Makes what sends requests; null: the network.</param>
internal sealed class UrlOptions(Func<string, string?> environment, Func<HttpMessageHandler>? createHandler = null)
    : ISourceOptions
{
    private const string UrlVariable = "SAFELOOP_URL", TokenVariable = "SAFELOOP_TOKEN", HeaderVariable = "SAFELOOP_HEADER";

    private readonly Option<string?> _url = new("--url")
    {
        Description = $"Where the application maps its tasks, such as http://localhost:5000/loops. Else {UrlVariable}.",
        HelpName = "URL",
    };

    private readonly Option<string?> _token = new("--token")
    {
        Description = $"Sent as 'Authorization: Bearer …'. Other users see the command line: rather set {TokenVariable}.",
        HelpName = "TOKEN",
    };

    private readonly Option<string[]> _headers = new("--header")
    {
        Description = $"A header of each request, such as 'X-Api-Key: …'. May be repeated. Else {HeaderVariable}.",
        HelpName = "HEADER",
    };

    private readonly Option<string?> _store = new("--store") { Hidden = true };

    public IReadOnlyList<Option> Options => [_url, _token, _headers, _store];

    public ITaskSource Open(ParseResult parsed, Screen screen, TimeProvider time)
    {
        if (parsed.GetValue(_store) is not null)
            throw new ToolException(TaskExitCode.Usage, "--store is an option of the tool safeloop-store, which has the drivers "
                + "of databases: dotnet tool install SafeLoop.Store.Tool. Then use the same verbs of safeloop-store.");
        var url = ReadUrl(parsed.GetValue(_url) ?? environment(UrlVariable));
        var headers = new List<(string Name, string Value)>();
        if ((parsed.GetValue(_token) ?? environment(TokenVariable)) is { Length: > 0 } token)
            headers.Add(("Authorization", $"Bearer {CheckValue("--token", token)}"));
        var given = parsed.GetValue(_headers) ?? [];
        if (given.Length == 0 && environment(HeaderVariable) is { Length: > 0 } header)
            given = [header];
        headers.AddRange(given.Select(ReadHeader));
        if (url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback && headers.Count > 0)
            screen.Note($"The token or header is sent unencrypted to {url.Host}. Use https.");
        return new HttpTaskSource(new ApiClient(url, headers, createHandler?.Invoke() ?? CreateHandler(url)));
    }

    // A page of sign-in must not be taken for an answer, and a token must not follow to where an answer points.
    private static SocketsHttpHandler CreateHandler(Uri url) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = !url.IsLoopback,
        AutomaticDecompression = System.Net.DecompressionMethods.All,
    };

    // No sentence repeats the address: it may hold a secret.
    private static Uri ReadUrl(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            throw new ToolException(TaskExitCode.Usage, "It is not said where the tasks are. Give --url, such as "
                + $"--url http://localhost:5000/loops, or set {UrlVariable}. For a database, use the tool safeloop-store.");
        if (!Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var url)
            || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)
            || url.Query.Length + url.Fragment.Length > 0)
            throw new ToolException(TaskExitCode.Usage,
                "--url must be an address of http or https without a query, such as http://localhost:5000/loops.");
        if (url.UserInfo.Length > 0)
            throw new ToolException(TaskExitCode.Usage,
                $"--url holds a user or a password. Leave them out, and set {HeaderVariable} to 'Authorization: Basic …'.");
        return url;
    }

    // Neither sentence repeats what was given: it may be a secret.
    private static (string Name, string Value) ReadHeader(string header)
    {
        var colon = header.IndexOf(':', StringComparison.Ordinal);
        return colon < 1
            ? throw new ToolException(
                TaskExitCode.Usage, "--header must be a name, a colon and a value, such as 'X-Api-Key: …'.")
            : (CheckValue("--header", header[..colon].Trim()), CheckValue("--header", header[(colon + 1)..].Trim()));
    }

    private static string CheckValue(string option, string value) => value.All(one => one is >= ' ' and <= '~')
        ? value
        : throw new ToolException(
            TaskExitCode.Usage, $"{option} holds a line break or another character that no header may hold.");
}
