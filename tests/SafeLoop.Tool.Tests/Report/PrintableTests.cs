using SafeLoop.Tool.Tests.Chains;
using SafeLoop.Tool.Tests.Support;

namespace SafeLoop.Tool.Tests.Report;

public class PrintableTests
{
    [Fact]
    public void A_name_gives_no_commands_to_the_terminal()
    {
        using var terminal = new StringWriter { NewLine = "\n" };
        using var output = new PrintableWriter(terminal);
        output.WriteLine("a\u001b[2Jb\u0007c\rd\te");
        output.Write("f\ng");

        Assert.Equal("a?[2Jb?c?d\te\nf?g", terminal.ToString());
    }

    [Fact]
    public async Task A_saved_graph_gives_none_either()
    {
        using var directory = new TemporaryDirectory();
        var (earlier, later) = (directory.File("a.graph"), directory.File("b.graph"));
        foreach (var (file, objects, year) in ((string, int, int)[])[(earlier, 1, 2001), (later, 2, 2002)])
        {
            var heap = new HeapDrawing();
            for (var i = 0; i < objects; i++)
                heap.Root(heap.Add("App.\u001b[2JNode"));
            SavedGraph.Write(file, new Snapshot(heap.Draw(), new SnapshotOrigin
            {
                Name = "\u001b]0;name",
                Means = "drawn",
                TakenAt = new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero)
            }));
        }

        foreach (var arguments in (string[][])[["diagnose", earlier], ["compare", earlier, later], ["compare", later, earlier]])
        {
            var ended = await SafeLoopTool.RunAsync(arguments);

            Assert.Contains("?]0;name", ended.Output + ended.Errors);
            Assert.DoesNotContain('\u001b', ended.Output + ended.Errors);
        }
    }
}
