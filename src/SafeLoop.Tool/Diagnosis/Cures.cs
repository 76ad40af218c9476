namespace SafeLoop.Tool;

/// <summary>What to write instead.</summary>
internal static class Cures
{
    public static string For(ChainKind kind, IReadOnlyList<ChainedMethod> methods) => kind switch
    {
        ChainKind.AmbientValues => """
            Start what runs on its own with a clean context, so that it does not inherit the last run's:
                using (ExecutionContext.SuppressFlow())
                    _ = Task.Run(RunAsync);
            A SafeLoop task does so for every iteration.
            """,
        ChainKind.AttachedTasks => """
            Do not attach a task that outlives its parent: leave out TaskCreationOptions.AttachedToParent, or better, write a loop:
                while (isActive)
                    DoSomething();
            """,
        _ => Loop(methods.FirstOrDefault(method => method.Recursion is not null) ?? methods.FirstOrDefault()),
    };

    private static string Loop(ChainedMethod? method)
    {
        if (method is null)
            return """
                Let each run end before the next begins:
                    while (isActive)
                        await DoSomethingAsync();
                """;

        var instead = method.Recursion is { Text: { Length: > 0 } text }
            ? $"   // instead of: {text.Split("//")[0].TrimEnd()}"
            : "";
        return $$"""
            A loop ends each run before the next begins:
                {{Head(method)}}
                {
                    while (isActive)
                    {
                        …   // what {{ShortName(method)}} does before it comes back to itself
                    }{{instead}}
                }
            Or leave the loop to SafeLoop: services.AddRecurringTask("{{TaskName(method)}}", (iteration, ct) => …).WithDelay(…);
            """;
    }

    private static string Head(ChainedMethod method) =>
        method.Declared?.Text is { Length: > 0 } text && text.Contains(ShortName(method), StringComparison.Ordinal)
            ? text.Split("=>")[0].TrimEnd(' ', '{')
            : $"async Task {ShortName(method)}(…)";

    private static string ShortName(ChainedMethod method)
    {
        var name = method.Name.Split(' ')[0];
        name = name[(name.LastIndexOf('.') + 1)..];
        return name.Length == 0 || name.StartsWith('<') ? "RunAsync" : name;
    }

    private static string TaskName(ChainedMethod method)
    {
        var name = ShortName(method);
        if (name.EndsWith("Async", StringComparison.Ordinal))
            name = name[..^"Async".Length];
        return name.Length == 0 ? "task" : char.ToLowerInvariant(name[0]) + name[1..];
    }
}
