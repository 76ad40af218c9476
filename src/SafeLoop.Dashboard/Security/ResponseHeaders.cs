using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>The headers of every response: own sources only, no frame, no cache.</summary>
internal static class ResponseHeaders
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' "
        + "data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    public static void Apply(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin"; // no-referrer makes the Origin of our own forms null
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        headers.XFrameOptions = "DENY";
    }
}
