namespace SafeLoop;

/// <summary>Derives the name of a setting, as it is written in configuration, from the code that reads the option.</summary>
internal static class SettingName
{
    /// <returns><c>Lock:AtMostFor</c> for <c>options.Lock.AtMostFor</c> and for <c>o => o.Lock.AtMostFor</c>.</returns>
    public static string From(string expression) =>
        expression[(expression.IndexOf('.', StringComparison.Ordinal) + 1)..].Replace('.', ':');
}
