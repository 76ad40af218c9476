namespace SafeLoop.Dashboard;

/// <summary>Something that is wrong, as a sentence whose subject is a link.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Subject">What it is about, such as the name of a task.</param>
/// <param name="Text">The rest of the sentence.</param>
/// <param name="Href">Where to read more.</param>
internal sealed record Problem(ProblemSeverity Severity, string Subject, string Text, string Href);
