using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>Sends what a form of a page asks for as the API does, and shows the page with what becomes of it.</summary>
internal static class OperationHandler
{
    /// <summary>The answer when the mapping allows no operation.</summary>
    public static IResult Refusal => ApiProblem.Forbidden(
        "Operations are off. The application allows them with MapRecurringTasks(…).AllowOperations(…).");

    public static async Task<IResult> HandleAsync(PageRequest request)
    {
        var api = request.Api;
        if (!api.Permissions.HasOperations)
            return Refusal;
        if (await PageForm.ReadAsync(request.Context.Request, api.Aborted).ConfigureAwait(false) is not { } form)
            return PageForm.Unreadable;
        if (form.Value<TaskCommandKind>("kind") is not { } kind || !AllowedOperations.Kinds.Contains(kind))
            return PageForm.Unreadable;

        var id = Guid.TryParse(form.Text("id"), out var given) ? given : Guid.NewGuid();
        var body = new OperationBody
        {
            Id = id,
            Task = form.Text("task"),
            Key = form.Text("key"),
            Reason = form.Text("reason"),
            Until = UntilOf(form, request.View.Now),
            Options = kind is TaskCommandKind.Change ? OptionsOf(form) : null,
        };
        var result = await new OperationSender(api).SendAsync(kind, body).ConfigureAwait(false);
        return result is IStatusCodeHttpResult { StatusCode: StatusCodes.Status202Accepted }
            ? new SeeOther(Link.To(
                body.Key is null ? "task" : "key", ("task", body.Task), ("key", body.Key), ("command", id.ToString())))
            : result;
    }

    /// <summary>The end of a pause that a form asks for; null: none.</summary>
    public static DateTimeOffset? UntilOf(PageForm form, DateTimeOffset now) =>
        int.TryParse(form.Text("for"), NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
            && hours is > 0 and <= 8_760
            ? now.AddHours(hours)
            : null;

    // The schedule replaces that of the task, whatever its kind. Without one, the change is dropped.
    private static JsonElement? OptionsOf(PageForm form)
    {
        var settings = new[] { ("Cron", form.Text("cron")), ("Every", form.Text("every")), ("TimeZone", form.Text("zone")) };
        if (settings.All(static setting => setting.Item2 is null))
            return null;
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in settings)
            {
                if (value is not null)
                    writer.WriteString(name, value);
            }
            writer.WriteEndObject();
        }
        using var json = JsonDocument.Parse(buffer.ToArray());
        return json.RootElement.Clone();
    }
}
