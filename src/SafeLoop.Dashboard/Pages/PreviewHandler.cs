using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>Makes the page that previews a changed schedule of a task before it is applied.</summary>
internal static class PreviewHandler
{
    private static readonly ApiParameter<string> Cron = ApiParameters.Text("cron", "The cron expression.");

    private static readonly ApiParameter<string> Every = ApiParameters.Text("every", "The period.");

    private static readonly ApiParameter<string> Zone = ApiParameters.Text("zone", "The time zone.");

    public static async Task<IResult> HandleAsync(PageRequest request)
    {
        var (query, api) = (request.Query, request.Api);
        var task = query.Read(ApiParameters.Task.Required);
        var (cron, every, zone) = (query.Read(Cron), query.Read(Every), query.Read(Zone));
        if (query.Refusal is { } refusal)
            return refusal;
        var handle = api.Tasks[task!];
        var reader = await api.CreateTaskReaderAsync().ConfigureAwait(false);
        var operation = new RecurringTaskOperation { TaskName = handle.Name, Kind = TaskCommandKind.Change };
        var model = new PreviewModel
        {
            Task = reader.Read(handle),
            Cron = cron,
            Every = every,
            Zone = zone,
            CanChange = api.Permissions.HasOperations && await api.Permissions.CanAsync(operation).ConfigureAwait(false),
        };
        return request.Page($"Schedule of {handle.Name}", PreviewPage.Render(request.View, WithPreview(model, handle, api.Time)));
    }

    private static PreviewModel WithPreview(PreviewModel model, RecurringTaskHandle handle, TimeProvider time)
    {
        if (model is { Cron: null, Every: null, Zone: null })
            return model;
        if (model is { Cron: not null, Every: not null })
            return model with { Mistake = "Give a cron expression or a period, not both." };
        TimeSpan? period = null;
        if (model.Every is { } text)
        {
            if (!TimeSpan.TryParseExact(text, ["c", "g", "G"], CultureInfo.InvariantCulture, out var read)
                || read <= TimeSpan.Zero)
                return model with { Mistake = $"'{text}' is no period. Write it as 00:05:00 or 1.00:00:00." };
            period = read;
        }
        try
        {
            return model with { Preview = new PreviewReader(time).Preview(handle, model.Cron, period, model.Zone) };
        }
        catch (Exception error) when (error is InvalidRecurringTaskException or FormatException or InvalidOperationException)
        {
            return model with { Mistake = error.Message };
        }
    }
}
