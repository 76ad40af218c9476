using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>
/// Refuses requests that another site has made a browser send. It needs no session: browsers say where a request comes from.
/// </summary>
internal static class CrossSiteCheck
{
    /// <summary>A client that is no browser sends this header with any value. A page of another site cannot.</summary>
    public const string Header = "X-SafeLoop";

    /// <summary>Why the request is refused, as a sentence; null: it is not.</summary>
    public static string? FindProblem(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"] is { Count: > 0 } site)
        {
            return site is ["same-origin"] ? null
                : $"The request comes from another site (Sec-Fetch-Site: {Shown(site.ToString())}). Send it from the dashboard.";
        }
        if (request.Headers.Origin is { Count: > 0 } origin) // browsers leave Sec-Fetch-Site out on plain http
        {
            return Uri.TryCreate(origin, UriKind.Absolute, out var from)
                && string.Equals(from.Authority, AuthorityOf(request, from), StringComparison.OrdinalIgnoreCase)
                ? null
                : $"The request comes from another site (Origin: {Shown(origin.ToString())}; this host is "
                    + $"{Shown(request.Host.Value ?? "")}). Send it from the dashboard. Behind a proxy, forward the Host header.";
        }
        return request.Headers.ContainsKey(Header) ? null
            : $"The request does not say where it comes from. A client that is no browser sends the header '{Header}: 1'.";
    }

    // An authority leaves out the default port, a Host header may not.
    private static string AuthorityOf(HttpRequest request, Uri from) =>
        Uri.TryCreate($"{from.Scheme}://{request.Host.Value}", UriKind.Absolute, out var own) ? own.Authority : "";

    private static string Shown(string text) =>
        string.Concat(text.Take(100).Select(character => char.IsControl(character) ? '?' : character));
}
