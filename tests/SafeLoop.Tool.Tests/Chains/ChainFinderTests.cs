namespace SafeLoop.Tool.Tests.Chains;

public class ChainFinderTests
{
    private const string Frame = "<RunAsync>d__1";

    [Fact]
    public void A_chain_is_counted_frame_by_frame_with_what_it_holds()
    {
        var heap = new HeapDrawing();
        var chain = Chain(heap, Frame, 1_000);
        foreach (var frame in chain)
            heap.Refer(frame, heap.Add("System.Byte[]"));
        heap.Root(chain[0]);
        heap.Root(chain[^1]);
        heap.Root(heap.Add("System.String"));

        var found = Assert.Single(ChainFinder.Find(heap.Draw(), 500));

        Assert.Equal((1_000, 1_000, 200_000), (found.Frames, Assert.Single(found.Depths), (int)found.Retained));
    }

    [Fact]
    public void Ten_million_frames_do_not_overflow_the_stack()
    {
        const int Frames = 10_000_000;
        var builder = new HeapGraphBuilder();
        builder.DescribeType(1, Frame, 0, 0, []);
        for (var i = 0UL; i < Frames; i++)
        {
            builder.AddObject(24 * (i + 1), 24, 1, i + 1 < Frames ? 1 : 0);
            if (i + 1 < Frames)
                builder.AddReference(24 * (i + 2));
        }

        builder.AddRoot(24, RootKind.Handle);

        var found = Assert.Single(ChainFinder.Find(builder.Build(new Dictionary<ulong, HeapModule>()), 5_000));

        Assert.Equal((Frames, Frames, 24L * Frames), (found.Frames, found.Depths[0], found.Retained));
    }

    [Fact]
    public void A_chain_leads_through_the_plumbing_of_tasks_but_never_through_a_users_object()
    {
        var (plumbed, linked) = (new HeapDrawing(), new HeapDrawing());
        foreach (var (heap, between) in ((HeapDrawing, string)[])[(plumbed, "System.Threading.Tasks.UnwrapPromise"),
            (linked, "App.Queue")])
        {
            var last = heap.Add(Frame);
            for (var i = 1; i < 1_000; i++)
                last = heap.Add(Frame, heap.Add(between, last));
            heap.Root(last);
        }

        Assert.Equal(1_000, Assert.Single(ChainFinder.Find(plumbed.Draw(), 500)).Frames);
        Assert.Empty(ChainFinder.Find(linked.Draw(), 500));
    }

    [Fact]
    public void Frames_that_wait_for_the_same_frame_are_no_chain()
    {
        var heap = new HeapDrawing();
        var shared = heap.Add("<StartAsync>d__2");
        for (var i = 0; i < 10_000; i++)
            heap.Root(heap.Add(Frame, shared));

        Assert.Empty(ChainFinder.Find(heap.Draw(), 500));
    }

    [Fact]
    public void A_frame_that_all_of_a_chain_refer_to_does_not_shorten_it()
    {
        var heap = new HeapDrawing();
        var shutdown = heap.Add("<StopAsync>d__2");
        var chain = Chain(heap, Frame, 1_000);
        foreach (var frame in chain)
            heap.Refer(frame, shutdown);
        heap.Root(chain[^1]);

        Assert.Equal([1_000], Assert.Single(ChainFinder.Find(heap.Draw(), 500)).Depths);
    }

    [Theory]
    [InlineData(15)]
    [InlineData(30)]
    public void A_method_the_chain_leads_through_now_and_then_does_not_break_it(int every)
    {
        var heap = new HeapDrawing();
        var last = heap.Add(Frame);
        for (var i = 1; i < 3_000; i++)
            last = heap.Add(i % every == 0 ? "<RarelyAsync>d__2" : Frame, last);
        heap.Root(last);

        var found = Assert.Single(ChainFinder.Find(heap.Draw(), 500));

        Assert.Equal((3_000, 3_000, 2), (found.Frames, Assert.Single(found.Depths), found.Methods.Length));
    }

    [Fact]
    public void A_frame_with_many_calls_under_way_is_still_the_next_of_the_one_that_calls_it_back()
    {
        var heap = new HeapDrawing();
        var chain = Chain(heap, Frame, 1_000);
        for (var i = 1; i < chain.Length; i++)
        {
            for (var call = 0; call < 40; call++)
                heap.Root(heap.Add("<SendAsync>d__2", chain[i]));
        }
        heap.Root(chain[^1]);

        Assert.Equal(1_000, ChainFinder.Find(heap.Draw(), 500).Single(found => found.Frames > 500).Depths[0]);
    }

    [Fact]
    public void Deep_calls_that_wait_for_the_same_frame_are_no_chain()
    {
        var heap = new HeapDrawing();
        var shared = heap.Add("<StartAsync>d__2");
        for (var i = 0; i < 200; i++)
        {
            var call = Chain(heap, Frame, 60);
            heap.Refer(call[0], shared);
            heap.Root(call[^1]);
        }

        Assert.Empty(ChainFinder.Find(heap.Draw(), 500));
    }

    [Fact]
    public void Methods_that_lead_to_the_chain_are_not_part_of_it()
    {
        var heap = new HeapDrawing();
        var chain = Chain(heap, Frame, 1_000);
        var main = heap.Add("<Main>d__0", chain[^1]);
        heap.Root(main);

        var found = Assert.Single(ChainFinder.Find(heap.Draw(), 500));

        Assert.Single(found.Methods);
        Assert.Equal(1_000, found.Frames);
    }

    [Fact]
    public void Many_chains_of_one_method_are_found_together()
    {
        var heap = new HeapDrawing();
        foreach (var depth in (int[])[300, 200, 150, 99])
            heap.Root(Chain(heap, Frame, depth)[^1]);

        var found = Assert.Single(ChainFinder.Find(heap.Draw(), 500));

        Assert.Equal([300, 200, 150], found.Depths); // 99 is no more than a deep call
        Assert.Equal(650, found.Frames);
    }

    [Fact]
    public void Two_methods_with_chains_of_their_own_are_two_findings()
    {
        var heap = new HeapDrawing();
        heap.Root(Chain(heap, Frame, 1_000)[^1]);
        heap.Root(Chain(heap, "<OtherAsync>d__2", 600)[^1]);

        Assert.Equal([1_000, 600], ChainFinder.Find(heap.Draw(), 500).Select(found => found.Frames));
    }

    [Fact]
    public void Chains_of_one_method_are_found_together_whatever_else_stands_in_each()
    {
        const int Chains = 1_000, Length = 200;
        var heap = new HeapDrawing();
        for (var i = 0; i < Chains; i++)
            heap.Root(Mixed(heap, Length, frame => (frame % 20) switch
            {
                3 or 13 => Helper(i),
                7 => Helper(i / 40),
                17 => Helper((i * 7) + 11),
                _ => Frame
            }));
        var graph = heap.Draw();

        var found = ChainFinder.Find(graph, 5_000)[0];

        Assert.Equal((Chains * Length, Chains, Length), (found.Frames, found.Depths.Length, found.Depths[^1]));
        Assert.Equal((Frame, 41), (graph.NameOf(found.Methods[0]), found.Methods.Length));

        static string Helper(int i) => $"<Help{i % 40}Async>d__1";
    }

    [Fact]
    public void Chains_that_share_no_more_than_a_helper_are_not_found_together()
    {
        var heap = new HeapDrawing();
        for (var i = 0; i < 50; i++)
            heap.Root(Mixed(heap, 200, frame => frame % 4 == 1 ? "<RetryAsync>d__2" : $"<Run{i}Async>d__1"));

        Assert.All(ChainFinder.Find(heap.Draw(), 5_000), found => Assert.Equal(200, found.Frames));
    }

    [Fact]
    public void Methods_that_take_turns_are_found_together_whichever_begins()
    {
        var heap = new HeapDrawing();
        for (var i = 0; i < 50; i++)
            heap.Root(Mixed(
                heap, 201, frame => frame % 20 == 5 ? $"<Help{i}Async>d__1" : (frame + i) % 2 == 0 ? Frame : "<OtherAsync>d__2"));

        Assert.Equal(50 * 201, ChainFinder.Find(heap.Draw(), 5_000)[0].Frames);
    }

    [Fact]
    public void What_a_chain_holds_is_not_accused_a_second_time()
    {
        var heap = new HeapDrawing();
        var chain = Chain(heap, Frame, 1_000);
        var closures = Chain(heap, "<>c__DisplayClass1_0", 1_000);
        heap.Refer(chain[^1], closures[^1]);
        heap.Root(chain[^1]);

        Assert.Equal(ChainKind.Methods, Assert.Single(ChainFinder.Find(heap.Draw(), 500)).Kind);
    }

    [Fact]
    public void A_frame_costs_the_same_however_many_sets_of_methods_there_are()
    {
        BytesFor(chains: 10); // what is made once
        Assert.InRange(BytesFor(chains: 800), 0, 1.5 * 4 * BytesFor(chains: 200));

        static long BytesFor(int chains)
        {
            var heap = new HeapDrawing();
            for (var i = 0; i < chains; i++)
            {
                var last = heap.Add(MethodOf(i));
                for (var frame = 1; frame < 100; frame++)
                    last = heap.Add(MethodOf(frame % 2 == 0 ? i % 40 : i / 40), last);
                heap.Root(last);
            }

            var graph = heap.Draw();
            var before = GC.GetAllocatedBytesForCurrentThread();
            ChainFinder.Find(graph, 5_000);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        static string MethodOf(int i) => $"<Run{i % 40}Async>d__1";
    }

    private static int Mixed(HeapDrawing heap, int length, Func<int, string> method)
    {
        var last = heap.Add(method(0));
        for (var frame = 1; frame < length; frame++)
            last = heap.Add(method(frame), last);
        return last;
    }

    private static int[] Chain(HeapDrawing heap, string type, int length)
    {
        var frames = new int[length];
        for (var i = 0; i < length; i++)
            frames[i] = i == 0 ? heap.Add(type) : heap.Add(type, frames[i - 1]);
        return frames;
    }
}
