using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SafeLoop.Dashboard.Tests;

/// <summary>A host does not start while nothing says who may see its dashboard.</summary>
public sealed class StartUpGuardTests
{
    private const string Missing = "Nothing says who may see MapRecurringTasks(\"/loops\"). Call RequireAuthorization(…) or "
        + "AllowAnonymous() on its result or on its group, or set a FallbackPolicy and call UseAuthorization().";

    [Fact]
    public async Task A_mapping_that_says_nothing_keeps_the_host_from_starting()
    {
        Assert.Equal(Missing, await StartFailureAsync(app => app.MapRecurringTasks()));
    }

    [Fact]
    public async Task A_mapping_in_a_group_that_says_nothing_does_too()
    {
        Assert.Contains(
            "Nothing says", await StartFailureAsync(app => app.MapGroup("/admin").MapGroup("/x").MapRecurringTasks()));
    }

    [Fact]
    public async Task Operations_and_errors_are_no_decision_about_reading()
    {
        Assert.Equal(Missing, await StartFailureAsync(app => app.MapRecurringTasks().AllowOperations().ShowErrors()));
    }

    [Fact]
    public async Task One_open_mapping_does_not_open_another()
    {
        Assert.Contains("\"/two\"", await StartFailureAsync(app =>
        {
            app.MapRecurringTasks("/one").AllowAnonymous();
            app.MapRecurringTasks("/two");
        }));
    }

    [Fact]
    public async Task A_decision_of_the_mapping_its_group_or_the_application_lets_it_start()
    {
        Assert.Equal(HttpStatusCode.OK, await ReadAsync(app => app.MapRecurringTasks().AllowAnonymous()));
        Assert.Equal(HttpStatusCode.Unauthorized, await ReadAsync(app => app.MapRecurringTasks().RequireAuthorization()));
        Assert.Equal(
            HttpStatusCode.Unauthorized, await ReadAsync(app => app.MapGroup("").RequireAuthorization().MapRecurringTasks()));
        Assert.Equal(
            HttpStatusCode.OK, await ReadAsync(app => app.MapGroup("").MapGroup("").AllowAnonymous().MapRecurringTasks()));
        Assert.Equal(HttpStatusCode.Unauthorized, await ReadAsync(app => app.MapRecurringTasks(), WithFallback));
    }

    [Fact]
    public async Task A_policy_that_does_not_exist_keeps_the_host_from_starting()
    {
        Assert.Equal(
            "AllowOperations(\"act\") of MapRecurringTasks(\"/loops\") names a policy that is not registered. Add it with "
                + "builder.Services.AddAuthorizationBuilder().AddPolicy(\"act\", …).",
            await StartFailureAsync(app => app.MapRecurringTasks().AllowAnonymous().AllowOperations("act")));
        Assert.Contains(
            "ShowErrors(\"debug\")",
            await StartFailureAsync(app => app.MapRecurringTasks().AllowAnonymous().ShowErrors("debug")));
    }

    [Fact]
    public async Task A_host_whose_pipeline_is_built_at_its_start_refuses_requests_and_stops()
    {
        using var host = BuildClassicHost(endpoints => endpoints.MapRecurringTasks());
        await host.StartAsync();
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

        var answer = await host.GetTestClient().GetAsync("/loops/api/tasks");

        Assert.Equal(Missing, await answer.ReadProblemAsync(HttpStatusCode.Forbidden));
        Assert.True(stopping.IsCancellationRequested);
        Environment.ExitCode = 0; // the guard has set it, and it would be that of the test run
    }

    [Fact]
    public async Task A_fallback_policy_that_no_middleware_enforces_opens_nothing()
    {
        using var host = BuildClassicHost(
            endpoints => endpoints.MapRecurringTasks(),
            services => services.AddAuthorization(WithFallback));
        await host.StartAsync();

        var answer = await host.GetTestClient().GetAsync("/loops/api/tasks");

        Assert.Equal(Missing, await answer.ReadProblemAsync(HttpStatusCode.Forbidden));
    }

    [Fact]
    public async Task Without_recurring_tasks_the_mapping_throws()
    {
        await using var app = WebApplication.CreateBuilder().Build();

        var error = Assert.Throws<InvalidOperationException>(() => app.MapRecurringTasks());

        Assert.Contains("AddRecurringTasks()", error.Message);
        Assert.Throws<ArgumentException>(() => app.MapRecurringTasks("/"));
    }

    private static void WithFallback(AuthorizationOptions options) =>
        options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();

    private static async Task<string> StartFailureAsync(Action<WebApplication> map)
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => DashboardHost.StartAsync(_ => { }, map));
        return error.Message;
    }

    private static async Task<HttpStatusCode> ReadAsync(
        Action<WebApplication> map, Action<AuthorizationOptions>? authorization = null)
    {
        await using var host = await DashboardHost.StartAsync(
            builder => builder.Services.AddAuthorization(authorization ?? (_ => { })), map);
        return (await host.Client.GetAsync("/loops/api/tasks")).StatusCode;
    }

    private static IHost BuildClassicHost(
        Action<Microsoft.AspNetCore.Routing.IEndpointRouteBuilder> map, Action<IServiceCollection>? configure = null) =>
        new HostBuilder().ConfigureWebHost(web => web
            .UseTestServer()
            .ConfigureServices(services =>
            {
                services.AddRouting();
                services.AddRecurringTasks();
                configure?.Invoke(services);
            })
            .Configure(app => app.UseRouting().UseEndpoints(map)))
            .Build();
}
