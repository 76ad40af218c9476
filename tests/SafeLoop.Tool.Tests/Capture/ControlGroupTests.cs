using SafeLoop.Tool.Tests.Support;

namespace SafeLoop.Tool.Tests.Capture;

/// <summary>Control groups of both versions, as the kernel lays them out, in a folder.</summary>
public sealed class ControlGroupTests : IDisposable
{
    private const long Machine = 32_000;

    private readonly TemporaryDirectory _root = new();

    [Fact]
    public void A_group_of_the_second_version_limits_its_processes()
    {
        Write("app.slice/memory.max", "1000");
        Write("app.slice/memory.current", "300");

        Assert.Equal(new ControlGroup(1000, 700), Of("0::/app.slice"));
    }

    [Fact]
    public void The_least_limit_above_binds_and_the_fullest_group_says_what_is_left()
    {
        Write("pod/box/memory.max", "4000");
        Write("pod/box/memory.current", "100");
        Write("pod/memory.max", "2000");
        Write("pod/memory.current", "1900");
        Write("memory.max", "max");

        Assert.Equal(new ControlGroup(2000, 100), Of("0::/pod/box"));
    }

    [Fact]
    public void Within_a_container_the_root_is_the_group_of_its_own()
    {
        Write("memory.max", "1000");
        Write("memory.current", "1200");

        Assert.Equal(new ControlGroup(1000, 0), Of("0::/"));
        Assert.Equal(new ControlGroup(1000, 0), Of("0::/kubepods/pod1/not-to-be-seen-here"));
    }

    [Fact]
    public void The_first_version_has_a_tree_for_memory_alone_and_beside_it_may_stand_an_empty_second()
    {
        Write("memory/app/memory.limit_in_bytes", "1000");
        Write("memory/app/memory.usage_in_bytes", "400");
        Write("unified/app/cgroup.procs", "");

        Assert.Equal(new ControlGroup(1000, 600), Of("12:cpu,cpuacct:/app", "5:memory:/app", "0::/app"));
        Assert.Equal(new ControlGroup(1000, 600), Of("0::/app", "5:memory:/app"));
    }

    [Theory]
    [InlineData("max")]
    [InlineData("9223372036854771712")]
    [InlineData("32000")]
    [InlineData("")]
    [InlineData("no number")]
    public void No_limit_is_none(string text)
    {
        Write("app/memory.max", text);

        Assert.Equal(ControlGroup.None, Of("0::/app"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no colons")]
    [InlineData("0::")]
    [InlineData("0::/missing")]
    [InlineData("3:cpu:/app")]
    public void What_is_not_there_limits_nothing(string line)
    {
        Write("app/memory.max", "1000");

        Assert.Equal(ControlGroup.None, Of(line));
    }

    public void Dispose() => _root.Dispose();

    private ControlGroup Of(params string[] membership) => ControlGroup.Of(membership, _root.Root, Machine);

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_root.File(file))!);
        _root.Write(file, System.Text.Encoding.UTF8.GetBytes(text + "\n"));
    }
}
