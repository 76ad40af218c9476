using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace SafeLoop.Tests.Ownership;

/// <summary>The table of docs/observability.md is that of the code, so that an alert can rely on it.</summary>
public partial class ClusterLogTests
{
    [Fact]
    public void The_table_of_events_is_that_of_the_code()
    {
        var page = File.ReadAllLines(Path.Combine(Root(), "docs", "observability.md"));
        var table = page.SkipWhile(static line => line != "| id of the cluster | name | level | fields |").Skip(2)
            .TakeWhile(static line => line.StartsWith('|'));

        Assert.Equal(
            from method in typeof(ClusterLog).GetMethods(BindingFlags.Static | BindingFlags.Public)
            let message = method.GetCustomAttribute<LoggerMessageAttribute>()
            where message is not null
            orderby message.EventId
            let fields = Hole().Matches(message.Message).Select(static hole => $"`{hole.Groups[1].Value}`").Distinct()
            select $"| {message.EventId} | {method.Name} | {message.Level} | {string.Join(", ", fields)} |",
            table);
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "SafeLoop.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    [GeneratedRegex(@"{(\w+)(:[^}]*)?}")]
    private static partial Regex Hole();
}
