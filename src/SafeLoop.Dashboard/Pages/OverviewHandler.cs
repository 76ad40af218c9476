using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>Makes the overview: what is wrong, and all tasks.</summary>
internal static class OverviewHandler
{
    private const int PageSize = 100;

    private static readonly ApiParameter<TaskOrder?> Order =
        ApiParameters.Enumeration<TaskOrder>("sort", "The order of the tasks.");

    private static readonly ApiParameter<int> Page = ApiParameters.Number("page", "The number of the page.", 1, 100_000, 1);

    public static async Task<IResult> HandleAsync(PageRequest request)
    {
        var query = request.Query;
        var (text, state) = (query.Read(ApiParameters.Filter), query.Read(ApiParameters.State));
        var (order, page) = (query.Read(Order) ?? TaskOrder.Problems, query.Read(Page));
        if (query.Refusal is { } refusal)
            return refusal;

        var reader = await request.Api.CreateTaskReaderAsync().ConfigureAwait(false);
        var strips = new StripReader(request);
        var all = reader.ReadPage(null, null, null, int.MaxValue - 1);
        var slots = await strips.ReadAllAsync(all.Tasks).ConfigureAwait(false);
        var rows = all.Tasks.Select(task => ReadRow(request, task, slots[task.Name])).ToList();
        var found = Sort(rows.Where(row => Matches(row.Task, text, state)), order).ToList();
        page = Math.Clamp(page, 1, Math.Max(1, (found.Count + PageSize - 1) / PageSize)); // tasks may have gone
        var model = new OverviewModel
        {
            Problems =
            [
                .. StoreProblems(strips, all.Problem),
                .. rows.SelectMany(row => row.Problems)
                    .Concat(await GapReader.ReadAsync(request).ConfigureAwait(false)).OrderBy(problem => problem.Severity),
            ],
            Rows = [.. found.Skip((page - 1) * PageSize).Take(PageSize)],
            Found = found.Count,
            All = rows.Count,
            States = rows.CountBy(row => row.Task.Snapshot.State).ToDictionary(),
            Text = text,
            State = state,
            Order = order,
            Page = page,
            HasNext = found.Count > page * PageSize,
            HasOperations = request.Api.Permissions.HasOperations,
        };
        return request.Page("Overview", OverviewPage.Render(request.View, model));
    }

    private static TaskRow ReadRow(PageRequest request, TaskSummary task, IReadOnlyList<StripSlot> strip)
    {
        var options = request.Api.Tasks.Find(task.Name)?.Options;
        var problems = new ProblemFinder(request.View.Times).Find(task, options, strip);
        return new() { Task = task, Strip = strip, Problems = problems };
    }

    private static IEnumerable<Problem> StoreProblems(StripReader strips, string? problem)
    {
        if (strips.HasFailed || problem is not null)
        {
            yield return new(
                ProblemSeverity.Error,
                "The store",
                "does not answer, so only what this host has in memory is shown. The log of the application says why.",
                "instances");
        }
    }

    private static bool Matches(TaskSummary task, string? text, RecurringTaskState? state) =>
        (text is null || task.Name.Contains(text, StringComparison.OrdinalIgnoreCase))
            && (state is null || task.Snapshot.State == state);

    private static IEnumerable<TaskRow> Sort(IEnumerable<TaskRow> rows, TaskOrder order) => order switch
    {
        TaskOrder.Name => rows, // as read
        TaskOrder.State => rows.OrderBy(row => OutcomeWords.Describe(row.Task.Snapshot.State), StringComparer.Ordinal),
        TaskOrder.Next => rows.OrderBy(row => row.Task.Snapshot.NextSlot ?? DateTimeOffset.MaxValue),
        TaskOrder.Duration => rows.OrderByDescending(row => row.LastRun?.Elapsed),
        TaskOrder.Lateness => rows.OrderByDescending(row => row.LastRun?.Lateness),
        _ => rows.OrderBy(row => row.Problems.Count == 0 ? int.MaxValue : (int)row.Problems[0].Severity),
    };
}
