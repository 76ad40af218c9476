using System.Reflection.Metadata;

namespace SafeLoop.Tool.Tests.Source;

public sealed class MethodMapTests : IDisposable
{
    private readonly ModuleFile _file = ModuleFile.TryOpen(new HeapModule(typeof(Closures).Assembly.Location, Guid.Empty, ""), processId: 0)!;

    [Fact]
    public void Every_closure_has_its_creator_though_a_lambda_made_it()
    {
        var (metadata, map) = (_file.Metadata, new MethodMap(_file));
        var around = metadata.TypeDefinitions.Single(type => metadata.GetString(metadata.GetTypeDefinition(type).Name) == nameof(Closures));
        var closures = metadata.GetTypeDefinition(around).GetNestedTypes()
            .Where(type => metadata.GetString(metadata.GetTypeDefinition(type).Name).StartsWith("<>c__DisplayClass", StringComparison.Ordinal));

        var creators = closures.Select(closure => map.CreatorOf(closure) is { } creator ? MethodNames.Unmangle(map.NameOf(creator)) : "nobody");

        Assert.Equal(["InAsyncLambda", "InAsyncLambda (lambda)", "InLambda", "InLambda (lambda)"], creators.Order());
    }

    public void Dispose() => _file.Dispose();
}
