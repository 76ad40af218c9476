using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SafeLoop;

// A web application as its author wrote it: it knows nothing of virtual time.
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddRecurringTask("hourly", async (iteration, ct) =>
{
    var time = iteration.Services.GetRequiredService<TimeProvider>();
    await Task.Delay(TimeSpan.FromMinutes(1), time, ct).ConfigureAwait(false);
}).Every(TimeSpan.FromHours(1));
builder.Services.AddHealthChecks().AddRecurringTasks();

var app = builder.Build();
app.MapGet("/run", async (IRecurringTasks tasks) => (await tasks["quick"].RunNowAsync()).Outcome.ToString());
app.MapGet("/now", (TimeProvider time) => time.GetUtcNow());
app.MapHealthChecks("/health");
app.Services.GetRequiredService<IRecurringTasks>()
    .Add("quick", task => task.Step("step", (_, _) => Task.CompletedTask).Cron("0 12 * * *"));
await app.RunAsync();

/// <summary>For <c>WebApplicationFactory</c> to find.</summary>
public partial class Program;
