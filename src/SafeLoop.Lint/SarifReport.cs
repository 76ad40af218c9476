using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.CodeAnalysis;
using SafeLoop.Analyzers;

namespace SafeLoop.Lint;

/// <summary>The report for machines: SARIF 2.1.0, which code hosts and editors read.</summary>
internal static class SarifReport
{
    private const string Base = "SRCROOT";

    private static string Version { get; } = typeof(SarifReport).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    public static void Write(LintReport report, Stream output)
    {
        using var json = new Utf8JsonWriter(output, new() { Indented = true });
        json.WriteStartObject();
        json.WriteString("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
        json.WriteString("version", "2.1.0");
        json.WriteStartArray("runs");
        json.WriteStartObject();
        WriteTool(json);
        json.WriteString("columnKind", "utf16CodeUnits");
        WriteBase(json, report);
        WriteProblems(json, report.Problems);
        json.WriteStartArray("results");
        foreach (var finding in report.Findings)
            WriteResult(json, finding, report);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTool(Utf8JsonWriter json)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "SafeLoop");
        json.WriteString("semanticVersion", Version);
        json.WriteString("informationUri", Rules.Address);
        json.WriteStartArray("rules");
        foreach (var rule in Rules.All)
        {
            json.WriteStartObject();
            WriteRule(json, rule);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteRule(Utf8JsonWriter json, DiagnosticDescriptor rule)
    {
        var description = rule.Description.ToString(CultureInfo.InvariantCulture);
        json.WriteString("id", rule.Id);
        WriteText(json, "shortDescription", rule.Title.ToString(CultureInfo.InvariantCulture));
        WriteText(json, "fullDescription", description);
        json.WriteStartObject("help");
        json.WriteString("text", $"{description} See {rule.HelpLinkUri}");
        json.WriteString("markdown", $"{description} [Wrong, right, when to suppress]({rule.HelpLinkUri}).");
        json.WriteEndObject();
        json.WriteString("helpUri", rule.HelpLinkUri);
        json.WriteStartObject("defaultConfiguration");
        json.WriteString("level", LevelOf(rule.DefaultSeverity));
        json.WriteEndObject();
        json.WriteStartObject("properties");
        json.WriteStartArray("tags");
        json.WriteStringValue("reliability");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Code hosts find a file by its path from the root of the repository; where that is on this machine is
    /// said once.</summary>
    private static void WriteBase(Utf8JsonWriter json, LintReport report)
    {
        json.WriteStartObject("originalUriBaseIds");
        json.WriteStartObject(Base);
        json.WriteString("uri", new Uri(Path.TrimEndingDirectorySeparator(report.Repository) + "/").AbsoluteUri);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>A run that could not look at everything says so, or its silence would be taken for good news.</summary>
    private static void WriteProblems(Utf8JsonWriter json, IReadOnlyList<string> problems)
    {
        json.WriteStartArray("invocations");
        json.WriteStartObject();
        json.WriteBoolean("executionSuccessful", problems.Count == 0);
        json.WriteStartArray("toolExecutionNotifications");
        foreach (var problem in problems)
        {
            json.WriteStartObject();
            WriteText(json, "message", problem);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteResult(Utf8JsonWriter json, Finding finding, LintReport report)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", finding.Rule);
        json.WriteString("level", LevelOf(finding.Severity));
        WriteText(json, "message", finding.Message);
        json.WriteStartArray("locations");
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        WriteFile(json, Path.GetFullPath(Path.Combine(report.Root, finding.File)), report.Repository);
        json.WriteStartObject("region");
        json.WriteNumber("startLine", finding.Line);
        json.WriteNumber("startColumn", finding.Column);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>A file outside of the repository has no path from its root.</summary>
    private static void WriteFile(Utf8JsonWriter json, string file, string repository)
    {
        var relative = Path.GetRelativePath(repository, file).Replace('\\', '/');
        var isInside = !Path.IsPathRooted(relative) && !relative.StartsWith("../", StringComparison.Ordinal);
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", isInside ? Uri.EscapeDataString(relative).Replace("%2F", "/", StringComparison.Ordinal)
            : new Uri(file).AbsoluteUri);
        if (isInside)
            json.WriteString("uriBaseId", Base);
        json.WriteEndObject();
    }

    private static string LevelOf(DiagnosticSeverity severity) => severity switch
    {
        DiagnosticSeverity.Error => "error",
        DiagnosticSeverity.Warning => "warning",
        _ => "note",
    };

    private static void WriteText(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartObject(name);
        json.WriteString("text", text);
        json.WriteEndObject();
    }
}
