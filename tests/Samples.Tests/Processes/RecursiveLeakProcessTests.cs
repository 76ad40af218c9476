using System.Globalization;
using Samples.Tests.Support;
using SkiaSharp;

namespace Samples.Tests.Processes;

[Collection(AloneCollection.Name)]
public sealed class RecursiveLeakProcessTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task The_recursive_forms_retain_their_frames_and_SafeLoop_nothing()
    {
        // What a host weighs is counted too: some 110 KiB, whatever the iterations.
        using var process =
            SampleProcess.Start("RecursiveLeak", _directory.Root, "--iterations", "40000", "--output", "curves.png");

        var ended = await process.EndAsync();

        Assert.Equal(0, ended.ExitCode);
        var rows = ended.Output.Split('\n').Where(line => line.StartsWith('|')).Skip(2)
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToArray();
        Assert.Equal(["recursive async", "co-style generators", "SafeLoop"], rows.Select(row => row[1]));
        Assert.All(rows, row => Assert.Equal("40,000", row[2]));
        var bytes = rows.Select(row => double.Parse(row[4], CultureInfo.InvariantCulture)).ToArray();
        Assert.All(bytes[..2], each => Assert.True(each > 50, ended.Output));
        Assert.True(bytes[2] < 5, ended.Output);

        using var picture = SKBitmap.Decode(_directory.File("curves.png"));
        Assert.Equal((1600, 900), (picture.Width, picture.Height));
    }

    [Theory]
    [InlineData("--iterations is '-1'", "--iterations", "-1")]
    [InlineData("Did you mean --output?", "--outpt", "a.png")]
    public async Task Bad_options_show_the_usage(string sentence, params string[] args)
    {
        using var process = SampleProcess.Start("RecursiveLeak", _directory.Root, args);

        var ended = await process.EndAsync();

        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Contains(sentence, ended.Errors);
        Assert.Contains("Usage: RecursiveLeak", ended.Errors);
    }

    public void Dispose() => _directory.Dispose();
}
