using RecursiveLeak.Drawing;
using RecursiveLeak.Measuring;
using Samples.Tests.Support;

namespace Samples.Tests.RecursiveLeak;

public sealed class LeakChartTests
{
    private readonly LeakRun[] _runs =
    [
        new("leaking", [new(0, 0), new(500, 50_000), new(1_000, 112_000)], AfterEnd: 512),
        new("flat", [new(0, 0), new(500, 0), new(1_000, -64)], AfterEnd: -64),
    ];

    [Fact]
    public void The_picture_is_a_png()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File("curves.png");

        LeakChart.Save(_runs, path);

        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(path)[..4]);
    }

    [Fact]
    public void The_table_has_a_row_per_form()
    {
        Assert.Equal(
            """
            | form | iterations | retained at the end | bytes per iteration | after it ended |
            |---|---:|---:|---:|---:|
            | leaking | 1,000 | 109.4 KiB | 112.0 | 512 B |
            | flat | 1,000 | -64 B | -0.1 | -64 B |

            """,
            MarkdownTable.Of(_runs));
    }
}
