using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard.Tests;

/// <summary>What a user may do and see beyond reading is granted, by task and verb where wanted.</summary>
public sealed class PermissionTests
{
    [Fact]
    public async Task Nothing_is_allowed_without_a_grant()
    {
        Assert.Empty(await AllowedAsync(app => app.MapRecurringTasks().AllowAnonymous(), "ann/operator"));
    }

    [Fact]
    public async Task A_grant_without_a_policy_is_for_all_who_may_read()
    {
        Assert.Contains("Pause", await AllowedAsync(app => app.MapRecurringTasks().AllowAnonymous().AllowOperations(), null));
    }

    [Fact]
    public async Task A_policy_decides_by_task_and_verb()
    {
        var map = (WebApplication app) => { app.MapRecurringTasks().RequireAuthorization().AllowOperations("act"); };

        Assert.Equal(["RunNow"], await AllowedAsync(map, "ann"));
        Assert.Contains("Change", await AllowedAsync(map, "bob/operator"));
        Assert.Empty(await AllowedAsync(map, "ann", task: "billing"));
    }

    [Fact]
    public async Task Error_texts_are_hidden_until_they_are_granted()
    {
        Assert.Equal("InvalidOperationException: secret", await LastErrorAsync(app =>
            app.MapRecurringTasks().AllowAnonymous().ShowErrors()));
        Assert.Equal("(hidden)", await LastErrorAsync(app => app.MapRecurringTasks().AllowAnonymous()));
        Assert.Equal("(hidden)", await LastErrorAsync(app => app.MapRecurringTasks().AllowAnonymous().ShowErrors("act")));
    }

    [Theory]
    [InlineData("tasks")]
    [InlineData("task?task=broken")]
    [InlineData("history")]
    [InlineData("slot?task=broken&at=2026-01-01T00:00:00Z")]
    [InlineData("slot?task=broken&at=2026-01-01T00:00:30Z")]
    public async Task No_answer_has_a_hidden_text(string path)
    {
        await using var host = await StartAsync(app => app.MapRecurringTasks().AllowAnonymous());
        var response = await host.Client.GetAsync($"/loops/api/{path}");

        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain("secret", text);
    }

    private static async Task<string?> LastErrorAsync(Action<WebApplication> map)
    {
        await using var host = await StartAsync(map);
        return (await host.GetAsync("task?task=broken")).Text("task", "snapshot", "lastError");
    }

    private static async Task<string[]> AllowedAsync(Action<WebApplication> map, string? user, string task = "broken")
    {
        await using var host = await StartAsync(map);
        if (user is not null)
            host.Client.DefaultRequestHeaders.Add(HeaderAuthentication.Header, user);
        var answer = await host.GetAsync($"task?task={task}");
        return JsonSerializer.Deserialize<string[]>(answer.GetProperty("allowed"))!;
    }

    private static Task<DashboardHost> StartAsync(Action<WebApplication> map) => DashboardHost.StartAsync(
        builder =>
        {
            builder.Services.AddRecurringTask("broken", Fail).Every(TimeSpan.FromMinutes(1));
            builder.Services.AddRecurringTask("billing", Fail).Every(TimeSpan.FromMinutes(1));
            builder.Services.AddSingleton<IAuthorizationHandler, OperationHandler>();
            builder.Services.AddAuthorizationBuilder()
                .AddPolicy("act", policy => policy.AddRequirements(new OperateRequirement()));
        },
        map);

    private static ValueTask Fail(Iteration iteration, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("secret");

    private sealed class OperateRequirement : IAuthorizationRequirement;

    /// <summary>Operators may do everything, others may run tasks other than that of the money.</summary>
    private sealed class OperationHandler : AuthorizationHandler<OperateRequirement, RecurringTaskOperation>
    {
        protected override Task HandleRequirementAsync(
            AuthorizationHandlerContext context, OperateRequirement requirement, RecurringTaskOperation resource)
        {
            if (resource.TaskName != "billing" && (resource.Kind is TaskCommandKind.RunNow || context.User.IsInRole("operator")))
                context.Succeed(requirement);
            return Task.CompletedTask;
        }
    }
}
