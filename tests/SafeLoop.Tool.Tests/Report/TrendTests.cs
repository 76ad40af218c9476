using System.Xml.Linq;

namespace SafeLoop.Tool.Tests.Report;

/// <summary>The page's chart of how it came to this.</summary>
public class TrendTests
{
    private static readonly TrendPoint[] Points =
    [
        Point(0, 100, 0, 3), Point(1, 400, 0.125, 3), Point(2, 900, 0.25, 5),
    ];

    [Fact]
    public void Below_the_heap_stand_the_pauses_with_a_mark_for_each_full_collection()
    {
        var charts = XElement.Parse("<page>" + TrendChart.Of(Points, limit: 1000) + "</page>").Elements("svg").ToArray();

        Assert.Equal(["Heap used over time", "Garbage collection pauses over time"],
            charts.Select(chart => (string)chart.Attribute("aria-label")!));
        var (heap, pauses) = (Line(charts[0]), Line(charts[1]));
        Assert.Equal(heap.Select(point => point.X), pauses.Select(point => point.X));
        Assert.True(pauses[0].Y > pauses[1].Y && pauses[1].Y > pauses[2].Y, "More pause stands higher.");
        var mark = Assert.Single(charts[1].Elements("line"), line => line.Element("title") is not null);
        Assert.Equal(pauses[2].X, double.Parse((string)mark.Attribute("x1")!, Text.Culture));
        Assert.Equal("full collections: 2, 5 so far", (string)mark.Element("title")!);
        Assert.Contains(charts[1].Elements("text"), text => text.Value == "paused 25.0 %");
    }

    [Fact]
    public void Two_captures_hold_no_pauses_so_none_are_drawn()
    {
        var charts = TrendChart.Of([Point(0, 100, 0, 0), Point(60, 200, 0, 0)], limit: 0);

        Assert.DoesNotContain("pauses", charts);
        Assert.Equal("Within 60.0 s the heap went from 100 B to 200 B.",
            Sentences.Trend([Point(0, 100, 0, 0), Point(60, 200, 0, 0)]));
    }

    [Fact]
    public void In_words_it_is_a_sentence()
    {
        Assert.Equal("Within 2.0 s the heap went from 100 B to 900 B; "
            + "collections took up to 25.0 % of the time, with 2 full ones.", Sentences.Trend(Points));
    }

    private static TrendPoint Point(int second, long heap, double pauses, long full) =>
        new(DateTimeOffset.UnixEpoch.AddSeconds(second), heap, pauses, full);

    private static (double X, double Y)[] Line(XElement chart) =>
        [.. ((string)chart.Element("polyline")!.Attribute("points")!).Split(' ').Select(point => point.Split(','))
            .Select(xy => (double.Parse(xy[0], Text.Culture), double.Parse(xy[1], Text.Culture)))];
}
