namespace SafeLoop.Tests.History.Oracle;

/// <summary>Compares an answer with what must be said: the data first, then the sentence.</summary>
internal static class Comparison
{
    public static IEnumerable<string> Differences(
        SlotExplanation found, Expectation expected, TaskModel model, YearHost year)
    {
        // Several slots of one record under an earlier schedule: that schedule is not known any more.
        var isAmong = found is { Finding: SlotFinding.AmongRecorded } && found.Instant <= model.Plan.ChangedAt;
        if (isAmong && expected.Finding is SlotFinding.BeforeSchedule)
            yield break; // which of the instants among them were slots, is not known either
        if (!(isAmong && expected.Finding is SlotFinding.Recorded))
            yield return Differ("finding", expected.Finding, found.Finding);
        yield return Differ("pause", expected.Pause, found.Pause);
        yield return Differ("failures", expected.FailuresBefore, found.FailuresBefore);
        yield return Differ("end", expected.End, found.End);
        if (!isAmong && !(found.Entry?.Record.Count > 1 && found.Instant <= model.Plan.ChangedAt))
        {
            yield return Differ("slot before", expected.SlotBefore, found.SlotBefore);
            yield return Differ("slot after", expected.SlotAfter, found.SlotAfter);
        }
        if (expected.Finding is not SlotFinding.Excluded) // checked by their meaning
        {
            yield return Differ("since", expected.Since, found.Since);
            yield return Differ("until", expected.Until, found.Until);
        }
        if (expected.Cause is { } cause && !cause.Split('|').Any(part => Contains(found.Cause, part)))
            yield return $"cause: expected {cause}, found {found.Cause}";
        if (expected.Outcome is { } outcome)
        {
            yield return Differ("outcome", outcome.Outcome, found.Entry?.Record.Outcome);
            yield return Differ("reason", outcome.Reason, found.Entry?.Record.Reason);
            if (outcome.Ran && found.Entry?.Record is { } record)
                yield return Differ("end of the iteration", outcome.Ended, record.Started + record.Elapsed);
            if (outcome.Holder is { } holder && found.Entry is { Record.Count: 1 } entry)
                yield return Differ("token", year.Tokens[holder], entry.FencingToken);
        }
        if (!found.Text.Contains(expected.Phrase, StringComparison.Ordinal))
            yield return $"sentence: expected '{expected.Phrase}'";
    }

    /// <summary>The excluded time that is named begins and ends where slots are excluded no longer.</summary>
    public static IEnumerable<string> MistakesInExclusion(SlotExplanation found, TaskModel model)
    {
        var (since, until, away) = (found.Since!.Value, found.Until!.Value, model.AwayAt(found.Instant)!);
        if (found.Instant < since || found.Instant >= until)
            yield return "the excluded time does not contain the instant";
        if (!IsAway(since) || IsAway(since.AddMinutes(-1)))
            yield return $"the excluded time does not begin at {since:u}";
        if (!IsAway(until.AddMinutes(-1)) || IsAway(until))
            yield return $"the excluded time does not end at {until:u}";

        bool IsAway(DateTimeOffset minute) => away.Contains(model.WallOf(minute));
    }

    private static bool Contains(string? text, string part) => text?.Contains(part, StringComparison.Ordinal) is true;

    public static string Differ<T>(string what, T expected, T found) => EqualityComparer<T>.Default.Equals(expected, found)
        ? ""
        : $"{what}: expected {Text(expected)}, found {Text(found)}";

    private static string Text<T>(T value) => value is DateTimeOffset at ? $"{at:u}" : value?.ToString() ?? "null";
}
