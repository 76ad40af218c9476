using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace SafeLoop.Dashboard;

/// <summary>Compresses answers where the client understands it, because most hosts do not.</summary>
internal static class ContentCoding
{
    /// <summary>Compresses, and sets the headers.</summary>
    /// <param name="context">The request.</param>
    /// <param name="bytes">What to send.</param>
    /// <param name="isKept">True: it is sent often, so more time is worth it.</param>
    public static byte[] Compress(HttpContext context, byte[] bytes, bool isKept)
    {
        context.Response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (Choose(context.Request) is not { } coding)
            return bytes;
        context.Response.Headers.ContentEncoding = coding;
        return Compress(coding, bytes, isKept);
    }

    /// <summary>The coding the client prefers among ours; null: none.</summary>
    public static string? Choose(HttpRequest request)
    {
        var accepted = StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out var list)
            ? list.Where(coding => coding.Quality is null or > 0).Select(coding => coding.Value.Value).ToList()
            : [];
        return accepted.Contains("br", StringComparer.OrdinalIgnoreCase) ? "br"
            : accepted.Contains("gzip", StringComparer.OrdinalIgnoreCase) ? "gzip"
            : null;
    }

    /// <summary>Compresses by a coding of ours.</summary>
    public static byte[] Compress(string coding, byte[] bytes, bool isKept)
    {
        using var memory = new MemoryStream();
        var level = isKept ? CompressionLevel.SmallestSize : CompressionLevel.Fastest;
        using (Stream stream = coding is "br" ? new BrotliStream(memory, level) : new GZipStream(memory, level))
            stream.Write(bytes);
        return memory.ToArray();
    }
}
