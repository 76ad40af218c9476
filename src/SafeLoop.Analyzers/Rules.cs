using Microsoft.CodeAnalysis;

namespace SafeLoop.Analyzers;

/// <summary>What the analyzers report. One page each in docs/rules.</summary>
internal static partial class Rules
{
    private const string Pages = Repository + "/blob/main/docs/rules/";

    public static readonly DiagnosticDescriptor AwaitsItself = Rule(
        "SLP001",
        "A method repeats itself by awaiting itself",
        "'{0}' repeats itself by awaiting itself: "
        + "every iteration stays in memory, with its locals, until the last one has ended. Use a loop or a recurring task.",
        DiagnosticSeverity.Warning,
        "Each call waits for the next one, so no iteration is ever freed: "
        + "about 100 bytes plus all locals and caught exceptions per iteration, for as long as it runs.");

    public static readonly DiagnosticDescriptor AwaitEachOther = Rule(
        "SLP002",
        "Methods repeat themselves by awaiting each other",
        "{0} await each other in a circle: every iteration stays in memory, with its locals, until the last one has ended. "
        + "Use a loop or a recurring task.",
        DiagnosticSeverity.Warning,
        "Each call waits for the next one, so no iteration is ever freed: "
        + "about 100 bytes per call plus all locals and caught exceptions, for as long as it runs.");

    public static readonly DiagnosticDescriptor StartsItself = Rule(
        "SLP003",
        "A method starts itself again without awaiting",
        "'{0}' starts itself again without awaiting: {1}. Split it into a start method and a loop, or use a recurring task.",
        DiagnosticSeverity.Info,
        "No iteration stays in memory, but exceptions are lost, nothing can stop the loop or wait for its end, "
        + "and iterations can overlap.");

    public static readonly DiagnosticDescriptor RetriesItself = Rule(
        "SLP004",
        "A method retries by awaiting itself",
        "'{0}' retries by awaiting itself{1}: each attempt keeps those before it in memory, with their locals and exceptions. "
        + "Use a loop with a limit.",
        DiagnosticSeverity.Info,
        "A retry is a loop. Written as a call, the first failure is kept until the last attempt has ended, "
        + "and the final exception passes through every attempt.");

    public static readonly DiagnosticDescriptor LoopCanDieOrHang = Rule(
        "SLP005",
        "A background loop can die or hang",
        "{0}",
        DiagnosticSeverity.Info,
        "A loop written by hand ends by the first exception that leaves its body, "
        + "and keeps the host waiting when it sleeps without the stopping token.");

    /// <summary>Where the product is at home.</summary>
    public static string Address => Repository;

    public static IReadOnlyList<DiagnosticDescriptor> All { get; } = [AwaitsItself, AwaitEachOther, StartsItself, RetriesItself,
        LoopCanDieOrHang];

    private static DiagnosticDescriptor Rule(
        string id, string title, string message, DiagnosticSeverity severity, string description) =>
        new(id, title, message, "Reliability", severity, isEnabledByDefault: true, description, Pages + id + ".md");
}
