namespace SafeLoop.Analyzers.Recursion;

/// <summary>What is wrong with starting oneself again without awaiting; it depends on how it is done.</summary>
internal static class Harm
{
    public static string Of(bool isVoid, Result result) => result.Scheduler switch
    {
        { Name: "ContinueWith" } => "exceptions are lost, nothing stops it, "
            + "and a reference to the first task keeps all of them (about 80 bytes per iteration)",
        { ContainingType.Name: "Timer" } or { Name: "CreateTimer" } =>
            "an exception ends the process, nothing stops it, and iterations can overlap",
        null when isVoid => "an exception ends the process, nothing stops it, and it cannot be awaited",
        _ => "exceptions are lost, nothing stops it, and iterations can overlap",
    };
}
