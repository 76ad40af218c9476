namespace SafeLoop.Tool.Tests.Source;

/// <summary>Lambdas that hold variables. Never run: their IL is read.</summary>
internal static class Closures
{
    public static Func<int, Func<int>> InLambda(int outer) => middle =>
    {
        var inner = middle + outer;
        return () => inner + middle + outer;
    };

    public static Func<Task<Func<int>>> InAsyncLambda(int outer) => async () =>
    {
        await Task.Yield();
        var inner = outer;
        return () => inner++;
    };
}
