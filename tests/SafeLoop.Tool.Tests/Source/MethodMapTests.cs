using System.Reflection.Metadata;

namespace SafeLoop.Tool.Tests.Source;

public sealed class MethodMapTests : IDisposable
{
    [Theory]
    [InlineData("Program+<<Main>$>d__0", "MoveNext", "Program.Main")]
    [InlineData("App.Outer`1+Inner+<RunAsync>d__3`1[System.__Canon]", "MoveNext", "App.Outer.Inner.RunAsync")]
    [InlineData("App.Shop+<>c", "<Open>b__0_1", "App.Shop.Open (lambda)")]
    [InlineData("App.Shop+<>c__DisplayClass3_0", "<Open>b__1", "App.Shop.Open (lambda)")]
    [InlineData("App.Shop", ".ctor", "App.Shop.ctor")]
    [InlineData("System.Threading.Thread", "StartCallback", "System.Threading.Thread.StartCallback")]
    public void A_method_of_the_stack_is_named_as_the_source_names_it(string type, string method, string name) =>
        Assert.Equal(name, StackNames.NameOf(type, method));

    private readonly ModuleFile _file =
        ModuleFile.TryOpen(new HeapModule(typeof(Closures).Assembly.Location, Guid.Empty, ""), processId: 0)!;

    [Fact]
    public void Every_closure_has_its_creator_though_a_lambda_made_it()
    {
        var (metadata, map) = (_file.Metadata, new MethodMap(_file));
        var around = metadata.TypeDefinitions.Single(
            type => metadata.GetString(metadata.GetTypeDefinition(type).Name) == nameof(Closures));
        var closures = metadata.GetTypeDefinition(around).GetNestedTypes()
            .Where(type => metadata.GetString(metadata.GetTypeDefinition(type).Name)
                .StartsWith("<>c__DisplayClass", StringComparison.Ordinal));

        var creators = closures.Select(closure => map.CreatorOf(closure) is { } creator
            ? MethodNames.Unmangle(map.NameOf(creator))
            : "nobody");

        Assert.Equal(["InAsyncLambda", "InAsyncLambda (lambda)", "InLambda", "InLambda (lambda)"], creators.Order());
    }

    public void Dispose() => _file.Dispose();
}
