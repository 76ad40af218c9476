using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace SafeLoop.Lint;

/// <summary>The <c>.editorconfig</c> files in a folder and above it, for code that is compiled without a build.</summary>
internal sealed class EditorConfigs : SyntaxTreeOptionsProvider
{
    private readonly AnalyzerConfigSet _set;
    private readonly ConcurrentDictionary<string, AnalyzerConfigOptionsResult> _results = new(StringComparer.Ordinal);

    public EditorConfigs(string folder)
    {
        _set = AnalyzerConfigSet.Create(Above(folder).Concat(Sources.Find(folder, ".editorconfig"))
            .Distinct(StringComparer.Ordinal)
            .Select(file => AnalyzerConfig.Parse(SourceText.From(File.ReadAllText(file)), file)).ToList());
        Options = new([], new Provider(this));
    }

    public AnalyzerOptions Options { get; }

    public override GeneratedKind IsGenerated(SyntaxTree tree, CancellationToken cancellationToken) =>
        Of(tree).AnalyzerOptions.GetValueOrDefault("generated_code") switch
    {
        "true" => GeneratedKind.MarkedGenerated,
        "false" => GeneratedKind.NotGenerated,
        _ => GeneratedKind.Unknown,
    };

    public override bool TryGetDiagnosticValue(SyntaxTree tree, string diagnosticId, CancellationToken cancellationToken,
        out ReportDiagnostic severity) =>
        Of(tree).TreeOptions.TryGetValue(diagnosticId, out severity);

    public override bool TryGetGlobalDiagnosticValue(string diagnosticId, CancellationToken cancellationToken,
        out ReportDiagnostic severity) =>
        _set.GlobalConfigOptions.TreeOptions.TryGetValue(diagnosticId, out severity);

    private static IEnumerable<string> Above(string folder)
    {
        for (var place = Path.GetDirectoryName(folder); !string.IsNullOrEmpty(place); place = Path.GetDirectoryName(place))
        {
            if (File.Exists(Path.Combine(place, ".editorconfig")))
                yield return Path.Combine(place, ".editorconfig");
        }
    }

    private AnalyzerConfigOptionsResult Of(SyntaxTree tree) =>
        _results.GetOrAdd(tree.FilePath, path => _set.GetOptionsForSourcePath(path));

    private sealed class Provider(EditorConfigs configs) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(ImmutableDictionary<string, string>.Empty);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => new Values(configs.Of(tree).AnalyzerOptions);

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;
    }

    private sealed class Values(ImmutableDictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value) =>
            values.TryGetValue(key, out value);
    }
}
