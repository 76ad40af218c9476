namespace SafeLoop;

/// <summary>Writes the options that configuration can bind as JSON, and reads them.</summary>
internal interface IOptionsFormat
{
    /// <summary>Applies settings to options.</summary>
    /// <returns>What cannot be read, as sentences without their full stop; none: all was applied.</returns>
    IReadOnlyList<string> Apply(RecurringTaskOptions options, string json);

    /// <summary>Writes what differs.</summary>
    /// <returns>An empty object when nothing does; null when configuration cannot express it.</returns>
    string? Write(RecurringTaskOptions from, RecurringTaskOptions to);

    /// <summary>Identifies the options, in every process of this and of later versions.</summary>
    string Fingerprint(RecurringTaskOptions options);
}
