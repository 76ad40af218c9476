using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>Makes the page of a slot: why it ran, or did not.</summary>
internal static class SlotHandler
{
    public static async Task<IResult> HandleAsync(PageRequest request)
    {
        var (query, api) = (request.Query, request.Api);
        var (task, key) = (query.Read(ApiParameters.Task.Required), query.Read(ApiParameters.Key));
        var at = query.Read(ApiParameters.At.Required);
        if (query.Refusal is { } refusal)
            return refusal;
        var explanation = await api.History.ExplainAsync(task!, at!.Value, key, api.Aborted).ConfigureAwait(false);
        var errors = await api.GetErrorFilterAsync().ConfigureAwait(false);
        var zone = api.Tasks.Find(explanation.TaskName)?.Options is { Cron: not null } options ? options.TimeZone ?? "UTC" : null;
        var title = $"{explanation.TaskName} at {request.View.Times.Short(explanation.Instant, zone)}";
        return request.Page(title, OneSlotPage.Render(request.View, new(errors.Filter(explanation), zone)));
    }
}
