using SafeLoop.Tool.Tests.Chains;

namespace SafeLoop.Tool.Tests.Graph;

public class RootPathsTests
{
    [Fact]
    public void A_path_begins_at_a_static_field_though_a_stack_is_nearer()
    {
        var heap = new HeapDrawing();
        var item = heap.Add("App.Item");
        var list = heap.Add("App.List", item);
        heap.Root(item, RootKind.Stack);
        heap.Root(list, RootKind.Static);

        var paths = new RootPaths(heap.Draw());

        Assert.Equal((list, -1, RootKind.Static), (paths.Before(item), paths.Before(list), paths.RootOf(list).Kind));
        Assert.Equal([list, item], paths.Order.ToArray());
    }

    [Fact]
    public void What_no_root_reaches_has_one_that_is_not_known()
    {
        var heap = new HeapDrawing();
        var (one, other) = (heap.Add("App.Ring"), heap.Add("App.Ring"));
        heap.Refer(one, other);
        heap.Refer(other, one);
        var head = heap.Add("App.Head", heap.Add("App.Tail"));

        var paths = new RootPaths(heap.Draw());

        Assert.Equal([head, one], paths.Roots.Select(root => root.Node));
        Assert.All(paths.Roots, root => Assert.Equal(RootKind.Unknown, root.Kind));
        Assert.Equal(4, paths.Order.Length);
    }

    [Fact]
    public void The_slots_of_a_table_of_statics_are_roots_of_their_own()
    {
        var builder = new HeapGraphBuilder();
        builder.DescribeType(1, "System.Object[]", 0, 0, []);
        builder.AddObject(0x1000, 100, 1, references: 2);
        builder.AddObject(0x2000, 24, 1, references: 0);
        builder.AddObject(0x3000, 24, 1, references: 0);
        builder.AddReference(0x2000);
        builder.AddReference(0x3000);
        builder.AddRoot(0x1000, RootKind.Handle);
        builder.AddStatic(0x2000, slot: 0x1010, "_items");

        var paths = new RootPaths(builder.Build(new Dictionary<ulong, HeapModule>()));

        Assert.Equal((-1, new HeapRoot(1, RootKind.Static, "?._items")), (paths.Before(1), paths.RootOf(1)));
        Assert.Equal((-1, new HeapRoot(2, RootKind.StaticTable)), (paths.Before(2), paths.RootOf(2)));
    }
}
