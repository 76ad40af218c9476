using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>The coming slots of all tasks, and what a changed schedule moves.</summary>
internal static class ScheduleEndpoints
{
    private const int MostOfTask = 2_000, MostOfAll = 20_000;

    private static readonly TimeSpan Usual = TimeSpan.FromDays(1), Longest = TimeSpan.FromDays(31);

    private static readonly ApiParameter<string> Cron =
        ApiParameters.Text("cron", "The cron expression of the new schedule.");

    private static readonly ApiParameter<string> Zone =
        ApiParameters.Text("zone", "The time zone of the new schedule; left out: that of the task, or UTC.");

    private static readonly ApiParameter<TimeSpan?> Every = new(
        "every",
        "The period of the new schedule.",
        static (string text, out TimeSpan? value) => (value = TimeSpan.TryParseExact(
            text, ["c", "g", "G"], CultureInfo.InvariantCulture, out var period) && period >= TimeSpan.FromMilliseconds(1)
            && period <= TimeSpan.FromDays(3_650) ? period : null) is not null,
        "a period from 1 ms to 3650 days, such as 00:05:00 or 1.00:00:00");

    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new()
        {
            Path = "upcoming",
            Name = "ListUpcoming",
            Summary = "Returns the coming slots of all tasks of this host, or of one, for at most 31 days from now.",
            Parameters = [ApiParameters.From, ApiParameters.To, ApiParameters.Task],
            Response = typeof(UpcomingList),
            Handle = ListAsync,
        },
        new()
        {
            Path = "preview",
            Name = "PreviewSchedule",
            Summary = "Returns the slots of a schedule over a year, and what it changes for a task. It changes nothing.",
            Parameters = [ApiParameters.Task, Cron, Every, Zone],
            Response = typeof(SchedulePreview),
            Handle = PreviewAsync,
        },
    ];

    private static Task<IResult> ListAsync(ApiRequest request)
    {
        var (query, now) = (request.Query, request.Time.GetUtcNow());
        var from = query.Read(ApiParameters.From) ?? now;
        var to = query.Read(ApiParameters.To) ?? (from > DateTimeOffset.MaxValue - Usual ? from : from + Usual);
        var name = query.Read(ApiParameters.Task);
        if (to - now > Longest)
            query.Add($"to is more than {Longest.Days} days from now. Shorten the range.");
        if (query.Refusal is { } refusal)
            return Task.FromResult(refusal);
        var (tasks, left) = (new List<UpcomingTask>(), MostOfAll);
        foreach (var task in (name is null ? request.Tasks.All : [request.Tasks[name]])
            .OrderBy(task => task.Name, StringComparer.OrdinalIgnoreCase))
        {
            var most = Math.Min(MostOfTask, left);
            var slots = task.UpcomingSlots(most + 1);
            var found = slots.Take(most).Where(slot => slot.Slot >= from && slot.Slot < to).ToList();
            var isCut = slots.Count > most && slots[^1].Slot < to;
            left -= found.Count;
            if (found.Count > 0 || isCut)
                tasks.Add(new() { Task = task.Name, IsKeyed = task.Snapshot().Keys is not null, Slots = found, IsCut = isCut });
        }
        var list = new UpcomingList { From = from, To = to, Tasks = tasks };
        return Task.FromResult<IResult>(new ApiResult<UpcomingList>(list, ApiJson.Default.UpcomingList));
    }

    private static Task<IResult> PreviewAsync(ApiRequest request)
    {
        var query = request.Query;
        var (name, cron) = (query.Read(ApiParameters.Task), query.Read(Cron));
        var (every, zone) = (query.Read(Every), query.Read(Zone));
        if (cron is not null && every is not null)
            query.Add("cron and every are there. Give one of them.");
        if (query.Refusal is null && cron is null && every is null && (name is null || zone is null))
            query.Add("The new schedule is missing. Give cron or every, or a task and another zone.");
        if (query.Refusal is { } refusal)
            return Task.FromResult(refusal);
        var reader = new PreviewReader(request.Time);
        try
        {
            var preview = name is null
                ? reader.Preview(cron, every, zone)
                : reader.Preview(request.Tasks[name], cron, every, zone);
            return Task.FromResult<IResult>(new ApiResult<SchedulePreview>(preview, ApiJson.Default.SchedulePreview));
        }
        catch (Exception error) when (error is InvalidRecurringTaskException or FormatException)
        {
            return Task.FromResult(ApiProblem.BadRequest(error.Message.ReplaceLineEndings(" ")));
        }
    }
}
