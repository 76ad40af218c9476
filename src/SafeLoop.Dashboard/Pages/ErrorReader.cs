namespace SafeLoop.Dashboard;

/// <summary>Groups the last failures of a task by their error.</summary>
internal static class ErrorReader
{
    private const int Read = 200;

    public static async Task<IReadOnlyList<ErrorGroup>> ReadAsync(
        PageRequest request, StripReader strips, string task, string? key)
    {
        if (strips.HasFailed)
            return [];
        var query = new HistoryQuery { TaskName = task, Key = key, OnlyUnsuccessful = true, PageSize = Read };
        var page = await HistoryReader.QueryAsync(request, query).ConfigureAwait(false);
        return
        [
            .. from entry in page.Entries
               where entry.Record.Outcome is IterationOutcome.Failed or IterationOutcome.TimedOut
               group entry by entry.Record.Error into same
               let last = same.MaxBy(entry => entry.Record.Slot)
               let count = same.Sum(entry => entry.Record.Count)
               orderby count descending, last.Record.Slot descending
               select new ErrorGroup(
                   same.Key,
                   last.ErrorDetails,
                   count,
                   same.Min(entry => entry.FirstSlot ?? entry.Record.Slot),
                   last.Record.Slot,
                   last.Key),
        ];
    }
}
