using SafeLoop.Tool.Tests.Chains;

namespace SafeLoop.Tool.Tests.Owners;

/// <summary>What one, two and three captures say together.</summary>
public class OwnerVerdictTests
{
    [Theory]
    [InlineData(nameof(Verdict.Nothing), 20_000)]
    [InlineData(nameof(Verdict.Nothing), 20_000, 40_000)]
    [InlineData(nameof(Verdict.Leak), 20_000, 40_000, 60_000)]
    [InlineData(nameof(Verdict.Leak), 100, 40_000, 60_000)]
    [InlineData(nameof(Verdict.Nothing), 20_000, 60_000, 60_000)]
    [InlineData(nameof(Verdict.Nothing), 60_000, 40_000, 61_000)]
    [InlineData(nameof(Verdict.Nothing), 60_000, 60_500, 61_000)]
    [InlineData(nameof(Verdict.Nothing), 2_000, 2_200, 2_400)]
    [InlineData(nameof(Verdict.Nothing), 20_000, 40_000, 60_000, 60_000)]
    [InlineData(nameof(Verdict.Leak), 20_000, 40_000, 60_000, 80_000)]
    [InlineData(nameof(Verdict.Nothing), 800_000, 800_000, 800_000)]
    [InlineData(nameof(Verdict.Suspicious), 800_000, 900_000)]
    public void Only_what_grew_from_each_capture_to_the_next_counts(string verdict, params int[] counts)
    {
        var reports = new List<LeakReport>();
        foreach (var (i, count) in counts.Index())
            reports.Add(Diagnoser.Diagnose(Taken(count, Minute(i)), captures: [.. reports]));

        Assert.Equal(verdict, reports[^1].Verdict.ToString());
        Assert.Equal($"GC handle → App.Cache → {counts[^1]:N0} × App.Item", reports[^1].Owners[0].Line);
    }

    /// <summary>In each capture the objects lie at other places: none of them is there any more in the next.</summary>
    [Theory]
    [InlineData(nameof(Verdict.Nothing), 20_000, 40_000, 60_000)]
    [InlineData(nameof(Verdict.Nothing), 20_000, 40_000, 60_000, 80_000, 100_000)]
    [InlineData(nameof(Verdict.Leak), 20_000, 40_000, 60_000, 80_000, 100_000, 120_000)]
    public void Work_in_flight_that_rises_is_replaced_and_no_leak_until_chance_is_out_of_the_question(string verdict,
        params int[] counts)
    {
        var report = Last(counts, i => i * 200_000);

        Assert.Equal(verdict, report.Verdict.ToString());
        Assert.Equal(verdict == nameof(Verdict.Nothing), report.Notes.Any(note =>
            note.StartsWith("Not accused: GC handle → App.Cache", StringComparison.Ordinal) && note.Contains("comes and goes")));
    }

    /// <summary>What came since the capture before lies elsewhere in the next one. What is older lies still.</summary>
    [Fact]
    public void Young_objects_that_a_collection_has_moved_have_not_been_replaced()
    {
        var heap = new[] { Moved(0, 60_000), Moved(60_000, 15_000), Moved(75_000, 15_000) };
        var reports = new List<LeakReport>();
        foreach (var snapshot in heap)
            reports.Add(Diagnoser.Diagnose(snapshot, captures: [.. reports]));

        var growth = reports[^1].Owners[0].Growth!;
        Assert.Equal((Verdict.Leak, 0d, 1d), (reports[^1].Verdict, growth.Survived[0], growth.OldSurvived));
    }

    [Theory]
    [InlineData(nameof(Verdict.Leak), 500_000, 600_000, 700_000, 730_000)]
    [InlineData(nameof(Verdict.Suspicious), 500_000, 700_000, 740_000)]
    [InlineData(nameof(Verdict.Leak), 500_000, 700_000, 760_000)]
    public void What_grows_ever_more_slowly_may_be_a_cache_that_fills_up(string verdict, params int[] counts) =>
        Assert.Equal(verdict, Last(counts, _ => 0).Verdict.ToString());

    /// <summary>After a restart all addresses are others, which says nothing.</summary>
    [Fact]
    public void Captures_of_two_processes_are_compared_by_their_growth_alone()
    {
        var reports = new List<LeakReport>();
        foreach (var i in Enumerable.Range(0, 3))
            reports.Add(Diagnoser.Diagnose(Taken(20_000 * (i + 1), Minute(i), place: i * 200_000, started: i + 1),
                captures: [.. reports]));

        Assert.Equal(Verdict.Leak, reports[^1].Verdict);
        Assert.All(reports[^1].Owners[0].Growth!.Survived, Assert.Null);
    }

    [Fact]
    public void One_capture_suspects_what_is_large_and_says_how_to_be_sure()
    {
        var owner = Diagnoser.Diagnose(Taken(800_000, DateTimeOffset.UnixEpoch)).Owners[0];

        Assert.Equal(Verdict.Suspicious, owner.Verdict);
        Assert.Contains(OwnerSentences.Why(owner), why => why.Contains("--times 3", StringComparison.Ordinal));
    }

    [Fact]
    public void A_heap_that_is_too_large_for_this_machine_is_reported_without_owners_and_says_so()
    {
        var graph = Taken(1_000, DateTimeOffset.UnixEpoch).Graph;

        Assert.Null(OwnerMemory.Missing(graph, 1 << 20));
        Assert.Equal(
            "What holds the heap was not computed: that takes 73.1 KiB of memory, and 1.0 KiB are free here. "
            + "Save the graph with --save and diagnose it on a machine with more.", OwnerMemory.Missing(graph, 1024));
    }

    [Fact]
    public void Objects_of_a_linked_list_are_one_step_of_the_path()
    {
        var heap = new HeapDrawing(Module);
        var last = heap.Add("App.Node", heap.Add("App.Item"));
        for (var i = 1; i < 1_000; i++)
            last = heap.Add("App.Node", last, heap.Add("App.Item"));
        heap.Root(last);

        Assert.Equal("GC handle → 1,000 × App.Node → 1,000 × App.Item",
            Diagnoser.Diagnose(Of(heap, DateTimeOffset.UnixEpoch)).Owners[0].Line);
    }

    [Fact]
    public void The_page_shows_the_verdict_a_table_and_a_chart_and_needs_nothing_else()
    {
        var html = HtmlReport.Of(Diagnoser.Diagnose(Taken(800_000, DateTimeOffset.UnixEpoch)));

        Assert.Contains("<h2>Suspicious: GC handle → App.Cache → 800,000 × App.Item</h2>", html);
        Assert.Contains("<td>GC handle → App.Cache → 800,000 × App.Item</td>", html);
        Assert.Contains("<title>800,000 × App.Item: 76.3 MiB, 99 %</title>", html);
        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("http", html);
        System.Xml.Linq.XDocument.Parse(html.Replace("<!DOCTYPE html>", "",
            StringComparison.Ordinal).Replace("<meta charset=\"utf-8\">", "", StringComparison.Ordinal));
    }

    private static readonly HeapModule Module = new("App.dll", Guid.Empty, "");

    /// <summary>The report on the last of several captures.</summary>
    /// <param name="counts">Of each.</param>
    /// <param name="place">Where its objects begin.</param>
    private static LeakReport Last(int[] counts, Func<int, int> place)
    {
        var reports = new List<LeakReport>();
        foreach (var (i, count) in counts.Index())
            reports.Add(Diagnoser.Diagnose(Taken(count, Minute(i), place(i)), captures: [.. reports]));
        return reports[^1];
    }

    private static DateTimeOffset Minute(int minute) => DateTimeOffset.UnixEpoch.AddMinutes(minute);

    private static Snapshot Taken(int count, DateTimeOffset at, int place = 0, int started = 1)
    {
        var heap = new HeapDrawing(Module, place);
        var items = Enumerable.Range(0, count).Select(_ => heap.Add("App.Item")).ToArray();
        heap.Root(heap.Add("App.Cache", items));
        return Of(heap, at, started);
    }

    private static Snapshot Moved(int old, int young)
    {
        var heap = new HeapDrawing(Module, 0);
        var items = Enumerable.Range(0, old).Select(_ => heap.Add("App.Item")).ToList();
        for (var gap = 0; gap < 200_000 && young > 0; gap++) // what lies between is of another kind, and kept by nobody
            heap.Add("App.Other");
        items.AddRange(Enumerable.Range(0, young).Select(_ => heap.Add("App.Item")));
        heap.Root(heap.Add("App.Cache", [.. items]));
        return Of(heap, Minute(old / 15_000));
    }

    private static Snapshot Of(HeapDrawing heap, DateTimeOffset at, int started = 1) => new(heap.Draw(),
        new SnapshotOrigin { Name = "drawn", TakenAt = at, Means = "drawn", ProcessId = 1, Started = started });
}
