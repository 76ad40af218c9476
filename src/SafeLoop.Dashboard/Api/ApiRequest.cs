using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard;

/// <summary>A request to the API, and what its handler needs.</summary>
internal sealed class ApiRequest(DashboardMapping dashboard, HttpContext context)
{
    public DashboardMapping Dashboard => dashboard;

    public HttpContext Context => context;

    public ApiQuery Query { get; } = new(context.Request.Query);

    public Permissions Permissions { get; } = new(dashboard.Grants, context);

    public CancellationToken Aborted => context.RequestAborted;

    public IRecurringTasks Tasks => context.RequestServices.GetRequiredService<IRecurringTasks>();

    public IRecurringTaskHistory History => context.RequestServices.GetRequiredService<IRecurringTaskHistory>();

    public IRecurringTaskCommands Commands => context.RequestServices.GetRequiredService<IRecurringTaskCommands>();

    public IRecurringTaskReader Reader => context.RequestServices.GetRequiredService<IRecurringTaskReader>();

    public TimeProvider Time => context.RequestServices.GetRequiredService<TimeProvider>();

    /// <summary>Reads tasks, without the texts of errors that the user may not see.</summary>
    public async ValueTask<TaskReader> CreateTaskReaderAsync() => new(
        Tasks,
        await dashboard.Stored.ReadAsync(Aborted).ConfigureAwait(false),
        await GetErrorFilterAsync().ConfigureAwait(false));

    /// <summary>The name of a task as it is written where it was defined: policies compare it.</summary>
    /// <exception cref="KeyNotFoundException">There is none, on this host or in the store.</exception>
    public async ValueTask<string> RequireTaskAsync(string name)
    {
        if (Tasks.Find(name) is { } handle)
            return handle.Name;
        var stored = await dashboard.Stored.ReadAsync(Aborted).ConfigureAwait(false);
        return stored.Tasks.TryGetValue(name, out var task) ? task.TaskName : Tasks[name].Name; // throws, and asks "did you mean"
    }

    /// <summary>Removes the texts of errors that the user may not see.</summary>
    public async ValueTask<ErrorFilter> GetErrorFilterAsync() =>
        new(await Permissions.CanSeeErrorsAsync().ConfigureAwait(false));
}
