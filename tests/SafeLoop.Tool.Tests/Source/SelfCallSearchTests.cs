using System.Reflection.Metadata;

namespace SafeLoop.Tool.Tests.Source;

public sealed class SelfCallSearchTests : IDisposable
{
    private readonly ModuleFile _file =
        ModuleFile.TryOpen(new HeapModule(typeof(Recursions).Assembly.Location, Guid.Empty, ""), processId: 0)!;

    [Theory]
    [InlineData("DirectAsync", "await DirectAsync();")]
    [InlineData("RunAsync", "await Task.Run(() => RunAsync());")]
    [InlineData("LocalAsync", "await NextAsync();")]
    [InlineData("FieldAsync", "await _field();")]
    [InlineData("InterfaceAsync", "await _job.InterfaceAsync();")]
    [InlineData("GenericAsync", "return await GenericAsync(item);")]
    [InlineData("InheritedAsync", "await ((Inherited.IInherited)this).InheritedAsync();")]
    [InlineData("LocalOfItsOwnAsync", "var next = LocalOfItsOwnAsync();")]
    public void A_way_back_is_found_with_its_line(string method, string line)
    {
        var described = Describe(method);

        Assert.True(described.CallsItself);
        Assert.Equal(line, described.Recursion?.Text);
        Assert.Equal("SafeLoop.Tool.Tests.Source.Recursions." + method, described.Name);
        Assert.Contains(method, described.Declared?.Text);
    }

    [Theory]
    [InlineData("DiscardedAsync")]
    [InlineData("DiscardedRunAsync")]
    [InlineData("PutAwayAsync")]
    [InlineData("PutAwayForAllAsync")]
    [InlineData("ThroughVoidAsync")]
    [InlineData("LoopAsync")]
    [InlineData("OtherAsync")]
    public void What_is_not_waited_for_is_no_way_back(string method)
    {
        var described = Describe(method);

        Assert.False(described.CallsItself);
        Assert.Null(described.Recursion);
    }

    [Fact]
    public void A_way_round_that_the_heap_shows_may_be_long()
    {
        string[] round = ["OneAsync", "TwoAsync", "ThreeAsync", "FourAsync", "FiveAsync", "SixAsync", "SevenAsync"];

        Assert.False(Describe("OneAsync").CallsItself);
        Assert.True(Describe("OneAsync", [.. round.Select(Find)]).CallsItself);
    }

    [Fact]
    public void Two_that_call_each_other_through_interfaces_call_themselves()
    {
        HashSet<MethodDefinitionHandle> both = [Find("PingAsync"), Find("PongAsync")];

        Assert.True(Describe("PingAsync", both).CallsItself);
        Assert.True(Describe("PongAsync", both).CallsItself);
    }

    [Fact]
    public void The_owner_of_a_state_machine_is_found_though_its_name_has_a_comma()
    {
        var module = new ModuleSource(_file, new SourceText());
        var machine = _file.Metadata.TypeDefinitions.Single(type => _file.Metadata.GetString(
            _file.Metadata.GetTypeDefinition(type).Name).Contains("HandleAsync", StringComparison.Ordinal));

        Assert.NotNull(module.Map.OwnerOf(machine));
    }

    [Fact]
    public void Another_build_than_the_one_that_was_loaded_is_not_believed()
    {
        Assert.Null(ModuleFile.TryOpen(new HeapModule(typeof(Recursions).Assembly.Location, Guid.NewGuid(), ""), processId: 0));
    }

    public void Dispose() => _file.Dispose();

    private ChainedMethod Describe(string name, HashSet<MethodDefinitionHandle>? chained = null) =>
        new ModuleSource(_file, new SourceText()).Describe(Find(name), chained ?? [], isPromiseKept: false);

    private MethodDefinitionHandle Find(string name)
    {
        var module = new ModuleSource(_file, new SourceText());
        return _file.Metadata.MethodDefinitions.Single(handle => module.Map.NameOf(handle) == name
            && MethodNames.Of(_file.Metadata, handle)
                .StartsWith("SafeLoop.Tool.Tests.Source.Recursions.", StringComparison.Ordinal)
            && !_file.Metadata.GetMethodDefinition(handle).Attributes.HasFlag(System.Reflection.MethodAttributes.Abstract));
    }
}
