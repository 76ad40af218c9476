namespace SafeLoop;

/// <summary>One request to the address of <c>PingAfter</c>.</summary>
/// <param name="Address">The address that the option has. It is a secret: who knows it can send pings.</param>
/// <param name="Kind">What it says.</param>
internal sealed record Ping(string Address, PingKind Kind)
{
    /// <summary>The address without its secret, for logs.</summary>
    public string Origin => OriginOf(Address) ?? "";

    /// <summary>Scheme, host and port of an address; null: it is not an absolute http or https URL.</summary>
    public static string? OriginOf(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && IsHttp(uri) ? $"{uri.Scheme}://{uri.Authority}" : null;

    /// <summary>The URL of the request. Parameters in the address stay behind its path.</summary>
    public Uri ToUrl()
    {
        var url = new UriBuilder(Address);
        if (Kind is not PingKind.Success)
            url.Path = url.Path.TrimEnd('/') + (Kind is PingKind.Start ? "/start" : "/fail");
        return url.Uri;
    }

    // On Linux a path such as /x is an absolute file URL.
    private static bool IsHttp(Uri uri) => uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps;
}
