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

    public TimeProvider Time => context.RequestServices.GetRequiredService<TimeProvider>();

    /// <summary>Removes the texts of errors that the user may not see.</summary>
    public async ValueTask<ErrorFilter> GetErrorFilterAsync() =>
        new(await Permissions.CanSeeErrorsAsync().ConfigureAwait(false));
}
