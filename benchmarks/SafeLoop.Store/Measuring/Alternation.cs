namespace SafeLoop.Store.Measuring;

/// <summary>Runs each variant so often, in turn, each time in another order.</summary>
internal static class Alternation
{
    /// <param name="runs">How often each variant runs.</param>
    /// <param name="variants">Their names.</param>
    /// <param name="runAsync">Runs a variant, and returns what was measured.</param>
    /// <returns>What was measured, by variant.</returns>
    public static async Task<Dictionary<string, List<T>>> RunAsync<T>(
        int runs, string[] variants, Func<string, Task<T>> runAsync)
    {
        var results = variants.ToDictionary(variant => variant, _ => new List<T>());
        for (var run = 0; run < runs; run++)
        {
            for (var turn = 0; turn < variants.Length; turn++)
            {
                var variant = variants[(run + turn) % variants.Length];
                var result = await runAsync(variant);
                results[variant].Add(result);
                Console.WriteLine($"run {run + 1} {variant}: {result}");
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
        return results;
    }
}
