using System.Reflection.Metadata;

namespace SafeLoop.Tool.Tests.Source;

public sealed class SelfCallSearchTests : IDisposable
{
    private readonly ModuleFile _file = ModuleFile.TryOpen(new HeapModule(typeof(Recursions).Assembly.Location, Guid.Empty, ""), processId: 0)!;

    [Theory]
    [InlineData("DirectAsync", "await DirectAsync();")]
    [InlineData("RunAsync", "await Task.Run(() => RunAsync());")]
    [InlineData("LocalAsync", "await NextAsync();")]
    [InlineData("FieldAsync", "await _field();")]
    [InlineData("InterfaceAsync", "await _job.InterfaceAsync();")]
    [InlineData("GenericAsync", "return await GenericAsync(item);")]
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
    public void Another_build_than_the_one_that_was_loaded_is_not_believed()
    {
        Assert.Null(ModuleFile.TryOpen(new HeapModule(typeof(Recursions).Assembly.Location, Guid.NewGuid(), ""), processId: 0));
    }

    public void Dispose() => _file.Dispose();

    private ChainedMethod Describe(string name)
    {
        var module = new ModuleSource(_file, new SourceText());
        var method = _file.Metadata.MethodDefinitions.Single(handle => module.Map.NameOf(handle) == name
            && MethodNames.Of(_file.Metadata, handle).StartsWith("SafeLoop.Tool.Tests.Source.Recursions.", StringComparison.Ordinal)
            && !_file.Metadata.GetMethodDefinition(handle).Attributes.HasFlag(System.Reflection.MethodAttributes.Abstract));
        return module.Describe(method, new HashSet<MethodDefinitionHandle>(), isPromiseKept: false);
    }
}
