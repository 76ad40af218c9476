using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SafeLoop.Analyzers;

/// <summary>
/// What an .editorconfig may add: names of own delays and schedulers, and how far circles of methods are followed.
/// </summary>
internal sealed class AnalyzerSettings(IReadOnlyList<string> delayNames, IReadOnlyList<string> schedulers, MutualRecursion mutual)
{
    /// <summary>Nothing added.</summary>
    public static AnalyzerSettings None { get; } = new([], [], MutualRecursion.Cycles);

    /// <summary>Parts of names of methods that wait.</summary>
    public IReadOnlyList<string> DelayNames { get; } = delayNames;

    /// <summary>Methods that run a delegate later: <c>Name</c> or <c>Type.Name</c>.</summary>
    public IReadOnlyList<string> Schedulers { get; } = schedulers;

    public MutualRecursion Mutual { get; } = mutual;

    public static AnalyzerSettings Of(AnalyzerOptions options, SyntaxTree tree)
    {
        var file = options.AnalyzerConfigOptionsProvider.GetOptions(tree);
        return new(List("safeloop_extra_delay_names"), List("safeloop_extra_schedulers"), Read(Text("safeloop_mutual")));

        string Text(string key) => file.TryGetValue(key, out var value) ? value : "";
        string[] List(string key) => [.. Text(key).Split(',').Select(name => name.Trim()).Where(name => name.Length > 0)];
    }

    private static MutualRecursion Read(string value) => value.Trim().ToUpperInvariant() switch
    {
        "OFF" => MutualRecursion.Off,
        "PAIRS" => MutualRecursion.Pairs,
        _ => MutualRecursion.Cycles,
    };
}
