using System.CommandLine;
using SafeLoop.Lint;

namespace SafeLoop.Tool;

/// <summary><c>safeloop lint</c>.</summary>
internal static class LintCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("path")
        {
            Description = "A folder, read without a build; or a solution or project, opened by MSBuild."
        };
        var sarif = new Option<string?>("--sarif")
        {
            Description = "Also write the report to this file as SARIF 2.1.0, which code hosts and editors read.",
            HelpName = "FILE"
        };

        var command = new Command(
            "lint", "Runs the rules of the analyzers over source code, which needs no reference to SafeLoop.") { path, sarif };
        command.SetAction(async (parsed, cancelled) =>
        {
            var log = FileOf(parsed.GetValue(sarif));
            var report = await Linter.RunAsync(parsed.GetRequiredValue(path), cancelled);
            if (log is not null)
            {
                await using var output = File.Create(log);
                SarifReport.Write(report, output);
            }

            Lint.TextReport.Write(report, Console.Out);
            return report.ExitCode;
        });
        return command;
    }

    /// <summary>Asked now, not when all projects have been opened.</summary>
    private static string? FileOf(string? file) => file is null || Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file)))
        ? file
        : throw new ToolException(ExitCode.Usage, $"--sarif is '{file}', but there is no folder for it. Create it first.");
}
