using System.Globalization;

namespace SafeLoop.Dashboard;

/// <summary>The parameters of the API.</summary>
internal static class ApiParameters
{
    /// <summary>The longest text of a parameter.</summary>
    public const int LongestText = 1_000;

    private const string AnInstant = "an instant with its offset, such as 2026-03-29T03:00:00Z or 2026-03-29T03:00:00+01:00";

    public static readonly ApiParameter<string> Task = Text("task", "The name of the task; capitals do not matter.");

    public static readonly ApiParameter<string> Key = Text("key", "The text of a key of a keyed task.");

    public static readonly ApiParameter<string> Filter = Text("text", "Only tasks whose names contain this text.");

    public static readonly ApiParameter<string> Cursor = Text("cursor", "The cursor of the page before, of the same query.");

    public static readonly ApiParameter<int> PageSize = Number("pageSize", "The most rows of the page.", 1, 1_000, 50);

    public static readonly ApiParameter<RecurringTaskState?> State =
        Enumeration<RecurringTaskState>("state", "Only tasks in this state.");

    public static readonly ApiParameter<IterationOutcome?> Outcome =
        Enumeration<IterationOutcome>("outcome", "Only slots that ended so.");

    public static readonly ApiParameter<OutcomeReason?> Reason =
        Enumeration<OutcomeReason>("reason", "Only slots that ended for this reason.");

    public static readonly ApiParameter<DateTimeOffset?> From = Instant("from", "The earliest instant.");

    public static readonly ApiParameter<DateTimeOffset?> To = Instant("to", "The instant before which all lie.");

    public static readonly ApiParameter<DateTimeOffset?> At = Instant("at", "The instant: a slot, or any other.");

    public static readonly ApiParameter<bool> OnlyUnsuccessful = Flag("onlyUnsuccessful", "True: no successes.");

    public static readonly ApiParameter<bool> OldestFirst = Flag("oldestFirst", "True: the oldest slot comes first.");

    public static readonly ApiParameter<Guid?> Id = Guid("id", "The id of the command.");

    public static readonly ApiParameter<Guid?> Instance = Guid("instance", "The id of the host.");

    public static ApiParameter<string> Text(string name, string description) => new(
        name,
        description,
        static (string text, out string value) => (value = text).Length <= LongestText,
        $"a text of at most {LongestText} characters");

    public static ApiParameter<int> Number(string name, string description, int least, int most, int usual) => new(
        name,
        $"{description} {least} to {most}; the default is {usual}.",
        (string text, out int value) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most,
        $"a number from {least} to {most}")
    {
        Default = usual,
    };

    public static ApiParameter<Guid?> Guid(string name, string description) => new(
        name,
        description,
        static (string text, out Guid? value) => (value = System.Guid.TryParse(text, out var id) ? id : null) is not null,
        "a GUID");

    public static ApiParameter<bool> Flag(string name, string description) => new(
        name, description, static (string text, out bool value) => bool.TryParse(text, out value), "true or false");

    public static ApiParameter<DateTimeOffset?> Instant(string name, string description) => new(
        name, description, InstantText.TryRead, AnInstant);

    public static ApiParameter<T?> Enumeration<T>(string name, string description)
        where T : struct, Enum => new(
            name,
            description,
            static (string text, out T? value) =>
                (value = Enum.TryParse<T>(text, ignoreCase: true, out var read) && Enum.IsDefined(read)
                    && !char.IsAsciiDigit(text[0]) && text[0] is not ('-' or '+') ? read : null) is not null,
            $"one of {string.Join(", ", Enum.GetNames<T>())}");
}
