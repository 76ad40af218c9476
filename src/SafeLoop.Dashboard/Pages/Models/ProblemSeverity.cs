namespace SafeLoop.Dashboard;

/// <summary>How bad a problem is; the worst comes first.</summary>
internal enum ProblemSeverity
{
    /// <summary>The task does not do its work.</summary>
    Error,

    /// <summary>The task may need an operator.</summary>
    Warning,

    /// <summary>Intended, but good to know.</summary>
    Notice,
}
