using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Aot;

/// <summary>What a web API returns of a task, by the rules of the web and a generated context.</summary>
internal sealed class JsonTrial : ITrial
{
    private static readonly JsonContext Context = new(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    public void Register(IServiceCollection services) => services
        .AddRecurringTask("json", (Signal signal, CancellationToken _) => throw new FormatException("on purpose"))
        .Every(TimeSpan.FromHours(1))
        .While((Signal _, CancellationToken _) => Task.FromResult(true))
        .OnFailure((Signal _, RecurringTaskFailure _) => { });

    public async Task<string> RunAsync(IServiceProvider services)
    {
        var task = services.GetRequiredService<IRecurringTasks>()["json"];
        var run = await task.RunNowAsync();
        using var handle = JsonDocument.Parse(JsonSerializer.Serialize(task, Context.RecurringTaskHandle));
        using var snapshot = JsonDocument.Parse(JsonSerializer.Serialize(task.Snapshot(), Context.RecurringTaskSnapshot));
        var record = JsonSerializer.Serialize(run, Context.IterationRecord);
        var slot = JsonSerializer.Serialize(task.UpcomingSlots(1)[0], Context.UpcomingSlot);
        return $"json: a handle is its snapshot {JsonElement.DeepEquals(handle.RootElement, snapshot.RootElement)}, "
            + $"{handle.RootElement.GetProperty("lastOutcome")} with {handle.RootElement.GetProperty("lastError")}, "
            + $"a record is read back {JsonSerializer.Deserialize(record, Context.IterationRecord) == run}, "
            + $"a slot too {JsonSerializer.Deserialize(slot, Context.UpcomingSlot) == task.UpcomingSlots(1)[0]}";
    }
}
