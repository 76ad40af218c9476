namespace SafeLoop.Tool.Tests.Graph;

public class TypeNamesTests
{
    [Theory]
    [InlineData("System.String", "System.String")]
    [InlineData("System.Int32[]", "System.Int32[]")]
    [InlineData("System.Int32[,]", "System.Int32[,]")]
    [InlineData("AsyncStateMachineBox`1[System.Threading.Tasks.VoidTaskResult,App.Job+<RunAsync>d__1]", "AsyncStateMachineBox")]
    [InlineData(
        "System.Runtime.CompilerServices.AsyncTaskMethodBuilder<System.Int32>+AsyncStateMachineBox<App.Job+<RunAsync>d__1>",
        "AsyncStateMachineBox")]
    [InlineData("<RunAsync>d__1", "<RunAsync>d__1")]
    [InlineData("App.Job<System.__Canon>+<RunAsync>d__1<System.Int32>", "<RunAsync>d__1")]
    [InlineData("App.Lambda+<>c__DisplayClass0_0+<<RunAsync>b__0>d", "<<RunAsync>b__0>d")]
    [InlineData("<>c__DisplayClass0_0", "<>c__DisplayClass0_0")]
    [InlineData("System.Collections.Generic.List`1+Enumerator[System.Int32]", "Enumerator")]
    [InlineData("System.Func<System.Threading.Tasks.Task>[]", "System.Func[]")]
    public void Every_source_of_names_comes_to_the_same(string name, string plain) => Assert.Equal(plain, TypeNames.Plain(name));

    [Theory]
    [InlineData("RunAsync", "RunAsync")]
    [InlineData("<RunAsync>d__1", "RunAsync")]
    [InlineData("<RunAsync>b__0_1", "RunAsync (lambda)")]
    [InlineData("<RunAsync>g__Next|0_1", "RunAsync.Next (local function)")]
    [InlineData("<<RunAsync>b__0>d", "RunAsync (lambda)")]
    [InlineData("<<RunAsync>g__Next|0_1>d", "RunAsync.Next (local function)")]
    [InlineData("<>c__DisplayClass0_0", "<>c__DisplayClass0_0 (closure)")]
    public void The_compilers_names_are_undone(string name, string asWritten) =>
        Assert.Equal(asWritten, MethodNames.Unmangle(name));
}
