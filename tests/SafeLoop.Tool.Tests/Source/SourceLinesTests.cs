using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace SafeLoop.Tool.Tests.Source;

public sealed class SourceLinesTests : IDisposable
{
    private readonly ModuleFile _file =
        ModuleFile.TryOpen(new HeapModule(typeof(Heads).Assembly.Location, Guid.Empty, ""), processId: 0)!;

    [Theory]
    [InlineData("CommentedAsync", 0, "public async Task CommentedAsync()")]
    [InlineData("OverloadedAsync", 0, "public async Task<int> OverloadedAsync() => await NextAsync(await OverloadedAsync());")]
    [InlineData("OverloadedAsync", 1, "public Task OverloadedAsync(int times)")]
    [InlineData("ManyLinesAsync", 2, "public async Task ManyLinesAsync(")]
    public void A_method_is_declared_by_its_head(string name, int parameters, string head)
    {
        var method = typeof(Heads).GetMethods()
            .Single(method => method.Name == name && method.GetParameters().Length == parameters);
        var handle = (MethodDefinitionHandle)MetadataTokens.EntityHandle(method.MetadataToken);

        var described = new ModuleSource(_file, new SourceText())
            .Describe(handle, new HashSet<MethodDefinitionHandle>(), isPromiseKept: false);

        Assert.Equal(head, described.Declared?.Text);
    }

    public void Dispose() => _file.Dispose();
}
