namespace SafeLoop;

/// <summary>Names a task, and its key, in quotes, so that neither can forge a line.</summary>
internal static class SubjectText
{
    public static string Format(string task, string? key) => key is null
        ? $"'{Printable.Escape(task)}'"
        : $"'{Printable.Escape(task)}[{Printable.Escape(key)}]'";
}
