using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace SafeLoop.Dashboard;

/// <summary>Serves the style and the script of the pages.</summary>
internal static class AssetEndpoints
{
    public static void Map(RouteGroupBuilder group)
    {
        foreach (var asset in Asset.All)
        {
            RequestDelegate handle = context => SendAsync(asset, context);
            group.MapMethods($"/assets/{asset.Name}", [HttpMethods.Get], handle).WithDisplayName($"SafeLoop {asset.Name}");
        }
    }

    private static async Task SendAsync(Asset asset, HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        ResponseHeaders.Apply(response);
        var tag = $"\"{asset.Version}\"";
        var isVersioned = request.Query["v"] == asset.Version;
        response.Headers.CacheControl = isVersioned ? "private, max-age=31536000, immutable" : "private, no-cache";
        response.Headers.ETag = tag;
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (request.Headers.IfNoneMatch == tag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        var bytes = asset.Bytes;
        if (ContentCoding.Choose(request) is { } coding)
        {
            response.Headers.ContentEncoding = coding;
            bytes = asset.Compress(coding);
        }
        response.ContentType = asset.ContentType;
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
    }
}
