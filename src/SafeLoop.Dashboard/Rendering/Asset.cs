using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace SafeLoop.Dashboard;

/// <summary>A file of the pages, embedded in the assembly.</summary>
internal sealed class Asset
{
    private readonly ConcurrentDictionary<string, byte[]> _compressed = new();

    private Asset(string name, string contentType)
    {
        (Name, ContentType) = (name, contentType);
        using var stream = typeof(Asset).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly of the dashboard lacks '{name}'. Install the package again.");
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        Bytes = memory.ToArray();
        Version = Convert.ToHexStringLower(SHA256.HashData(Bytes))[..12];
    }

    public static readonly Asset Style = new("dashboard.css", "text/css; charset=utf-8");

    public static readonly Asset Script = new("dashboard.js", "text/javascript; charset=utf-8");

    public static IReadOnlyList<Asset> All { get; } = [Style, Script];

    public string Name { get; }

    public string ContentType { get; }

    public byte[] Bytes { get; }

    /// <summary>Changes with the content, so that a browser may keep the file for ever.</summary>
    public string Version { get; }

    /// <summary>Its address, seen from a page.</summary>
    public string Link => $"assets/{Name}?v={Version}";

    public byte[] Compress(string coding) =>
        _compressed.GetOrAdd(coding, static (coding, asset) => ContentCoding.Compress(coding, asset.Bytes, isKept: true), this);
}
