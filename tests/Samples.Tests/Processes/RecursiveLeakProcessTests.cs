using System.Globalization;
using System.Text.RegularExpressions;
using Samples.Tests.Support;

namespace Samples.Tests.Processes;

public sealed partial class RecursiveLeakProcessTests : IDisposable
{
    private static readonly byte[] PngSignature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task Recursion_retains_every_iteration_and_the_loop_none()
    {
        var picture = _directory.File("leak.png");
        using var sample = SampleProcess.Start("RecursiveLeak", "--iterations", "50000", "--output", picture);

        var (exitCode, output, _) = await sample.EndAsync();
        var perIteration = Row().Matches(output).ToDictionary(
            row => row.Groups["form"].Value,
            row => double.Parse(row.Groups["bytes"].Value, CultureInfo.InvariantCulture));

        Assert.Equal(0, exitCode);
        Assert.InRange(perIteration["recursive async"], 50, 1000);
        Assert.InRange(perIteration["co-style generators"], 50, 1000);
        Assert.InRange(perIteration["SafeLoop"], -5, 5);
        Assert.Equal(PngSignature, File.ReadAllBytes(picture)[..8]);
    }

    public void Dispose() => _directory.Dispose();

    [GeneratedRegex(@"^\| (?<form>[^|]+?) \| [^|]+ \| [^|]+ \| (?<bytes>-?[\d.,]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
