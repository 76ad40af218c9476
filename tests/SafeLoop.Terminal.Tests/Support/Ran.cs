using System.Text.Json;

namespace SafeLoop.Terminal.Tests;

/// <summary>What a command line has written, and how it ended.</summary>
internal sealed record Ran(int Code, string Output, string Errors)
{
    public string[] Lines => Output.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Output);
}
