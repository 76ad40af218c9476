using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using SafeLoop.Tests.House;

namespace SafeLoop.Tests.Observing;

/// <summary>The tables of docs/observability.md are those of the code, so that an alert can rely on them.</summary>
public sealed partial class EventTableTests
{
    // These depend on the failures before, or on what the interrupted step threw.
    private static readonly Dictionary<string, string> Levels = new()
    {
        ["IterationTimedOut"] = "Warning, then Error",
        ["IterationInterrupted"] = "Information or Warning",
    };

    private static readonly string Page = File.ReadAllText(
        Path.Combine(CoreSource.Root, "..", "..", "docs", "observability.md")).ReplaceLineEndings("\n");

    [Fact]
    public void The_table_of_events_is_that_of_the_code()
    {
        var events = Messages()
            .GroupBy(message => (message.Id, message.Name), (key, all) => Row(key.Id, key.Name, all.ToArray()))
            .Concat(Kinds().Select(kind => (FaultLog.IdOf(kind).Id,
                Row: $"| {FaultLog.IdOf(kind).Id} | {kind} | Warning | {Fields([FaultLog.Message])} |")))
            .OrderBy(row => row.Id);

        Assert.Equal(events.Select(row => row.Row), Rows("| id | name | level | fields |"));
    }

    [Fact]
    public void The_table_of_faults_explains_each_kind()
    {
        var kinds = Rows("| id | kind | what happened, and what SafeLoop does |").Select(row => row.Split(" | ")).ToArray();

        Assert.Equal(Kinds().Select(kind => $"| {(int)kind + 100} {kind}"), kinds.Select(cells => $"{cells[0]} {cells[1]}"));
        Assert.All(kinds, cells => Assert.True(cells[2].Length > 20, cells[1]));
    }

    [Fact]
    public void An_id_has_one_name_and_a_name_has_one_id()
    {
        var events = Messages().Select(message => (message.Id, message.Name))
            .Concat(Kinds().Select(kind => (FaultLog.IdOf(kind).Id, FaultLog.IdOf(kind).Name!))).Distinct().ToArray();

        Assert.Equal(events.Length, events.Select(known => known.Id).Distinct().Count());
        Assert.Equal(events.Length, events.Select(known => known.Item2).Distinct().Count());
    }

    [Fact]
    public void Every_line_about_a_task_has_its_name_in_quotes_where_a_key_is_added()
    {
        var templates = Messages(typeof(Log), typeof(LogBeforeStart)).Select(message => message.Template)
            .Append(FaultLog.Message);

        Assert.All(templates, template => Assert.Single(Regex.Matches(template, "'{Task}'")));
        Assert.All(Messages(typeof(HostLog)), message =>
            Assert.DoesNotContain("{Task}", message.Template, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_kind_of_fault_is_published_somewhere_and_no_line_of_another_is()
    {
        var source = string.Join('\n', CoreSource.Files
            .Where(file => !CoreSource.NameOf(file).EndsWith("LoopEvent.cs", StringComparison.Ordinal))
            .Select(file => file.ToString()));

        Assert.All(Kinds(), kind => Assert.Matches($@"FaultKind\.{kind}\b", source));
    }

    [Theory]
    [MemberData(nameof(AllKinds))]
    public void A_fault_is_logged_with_the_id_and_the_name_of_its_kind(FaultKind kind)
    {
        using var logs = new RecordingLoggerProvider();
        new LogObserver(logs).OnEvent(
            new() { Kind = LoopEventKind.Fault, FaultKind = kind, TaskName = "task", Text = "A test." });

        var line = Assert.Single(logs.Lines);
        Assert.Equal(
            (LogLevel.Warning, 100 + (int)kind, kind.ToString(), "'task': A test."),
            (line.Level, line.Id, line.Name, line.Text));
        Assert.Equal(("task", "A test."), (line.Field("Task"), line.Field("Text")));
    }

    public static TheoryData<FaultKind> AllKinds => [.. Kinds()];

    private static IEnumerable<FaultKind> Kinds() => Enum.GetValues<FaultKind>().Where(kind => kind is not FaultKind.None);

    private static (int Id, string Row) Row(
        int id, string name, (int Id, string Name, LogLevel Level, string Template)[] messages)
    {
        var level = Levels.TryGetValue(name, out var several)
            ? several
            : Assert.Single(messages.Select(message => message.Level).Distinct()).ToString();
        return (id, string.Create(
            CultureInfo.InvariantCulture,
            $"| {id} | {name} | {level} | {Fields(messages.Select(message => message.Template))} |"));
    }

    private static string Fields(IEnumerable<string> templates) =>
        string.Join(", ", templates.SelectMany(template => Hole().Matches(template))
            .Select(hole => $"`{hole.Groups[1].Value}`").Distinct());

    private static IEnumerable<(int Id, string Name, LogLevel Level, string Template)> Messages() =>
        Messages(typeof(Log), typeof(LogBeforeStart), typeof(HostLog));

    private static IEnumerable<(int Id, string Name, LogLevel Level, string Template)> Messages(params Type[] types) =>
        from type in types
        from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public)
        let message = method.GetCustomAttribute<LoggerMessageAttribute>()
        where message is not null
        select (message.EventId, message.EventName ?? method.Name, message.Level, message.Message);

    private static IEnumerable<string> Rows(string header)
    {
        var lines = Page.Split('\n');
        var at = Array.IndexOf(lines, header);
        Assert.True(at >= 0, $"docs/observability.md has no table '{header}'.");
        return lines.Skip(at + 2).TakeWhile(line => line is ['|', ..]);
    }

    [GeneratedRegex(@"{(\w+)(:[^}]*)?}")]
    private static partial Regex Hole();
}
