using System.Net;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard.Tests;

/// <summary>Every endpoint is guarded, and none answers anything it is sent with an error of the server.</summary>
public sealed class EndpointTests
{
    private static readonly string[] Texts =
    [
        "", "prices", "PRICES", "devices", "7", "-1", "0", "1000", "99999999999999999999", "x", "\0", "\uD800", "é😀",
        "<script>", "'", "\"", "%", "%2e%2e%2f", "../../etc/passwd", "true", "null", "Failed", "Paused", "None",
        "2026-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z",
        "9999-12-31T23:59:59-14:00", "2026-13-45T00:00:00Z",
        "0 3 * * *",
        "* * * * * *", "0 0 30 2 *", "Europe/Berlin", "Mars/Olympus", "00:05:00", "-00:05:00", "3650.00:00:00",
        "00:00:00.0000001", "00000000-0000-0000-0000-000000000000", "System.Diagnostics.Process, System",
        new('a', 300), new('é', 2_000), "c1", "t", "k", "5.5.5.5", "ff-ff", "2147483647", "4294967296",
    ];

    private static readonly string[] Bodies =
    [
        "", "{", "[]", "7", "null", "{\"task\":{}}", "{\"options\":[[[[[[[[", $"\"{new string('x', 70_000)}\"",
    ];

    private static readonly string[] Names =
    [
        .. ApiEndpoints.All.SelectMany(endpoint => endpoint.Parameters).Select(parameter => parameter.Name).Distinct(),
        "reason", "kind", "options", "fingerprint", "keyState", "id", "$type",
    ];

    [Fact]
    public async Task Every_endpoint_has_the_authorization_that_the_mapping_was_given()
    {
        await using var host = await DashboardHost.StartAsync(_ => { }, app => app.MapRecurringTasks().RequireAuthorization());

        var endpoints = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToArray();

        Assert.True(endpoints.Length >= ApiEndpoints.All.Count);
        foreach (var endpoint in endpoints)
        {
            Assert.NotNull(endpoint.Metadata.GetMetadata<IAuthorizeData>());
            Assert.Null(endpoint.Metadata.GetMetadata<IAllowAnonymous>());
            Assert.StartsWith("/loops", endpoint.RoutePattern.RawText);
        }
        foreach (var endpoint in ApiEndpoints.All)
        {
            using var request = new HttpRequestMessage(new(endpoint.Method), $"/loops/api/{endpoint.Path}");
            request.Headers.Add("X-SafeLoop", "1");
            Assert.Equal(HttpStatusCode.Unauthorized, (await host.Client.SendAsync(request)).StatusCode);
        }
    }

    [Fact]
    public void No_endpoint_takes_the_name_of_a_type()
    {
        var names = ApiEndpoints.All.SelectMany(endpoint => endpoint.Parameters.Select(parameter => parameter.Name)
            .Concat(endpoint.Body?.GetProperties().Select(property => property.Name) ?? []));

        Assert.DoesNotContain(names, name => name.Contains("type", StringComparison.OrdinalIgnoreCase)
            || name.Contains("class", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>10,000 requests in all, with what others try: long, strange and hostile values.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Drawn_requests_are_never_answered_with_an_error_of_the_server_or_a_stack_trace(int seed)
    {
        await using var host = await StartAsync();
        var random = new Random(seed);
        var routes = ApiEndpoints.All.Where(endpoint => endpoint.Path != "events").ToArray();
        for (var n = 0; n < 2_500; n++)
        {
            var endpoint = routes[random.Next(routes.Length)];
            using var request = Draw(endpoint, random);

            using var answer = await host.Client.SendAsync(request);

            var text = await answer.Content.ReadAsStringAsync();
            var what = $"Seed {seed}, request {n}: {request.Method} {request.RequestUri}: {(int)answer.StatusCode} {text}";
            Assert.True((int)answer.StatusCode is < 500 or 503, what);
            Assert.DoesNotContain("   at ", text);
            Assert.DoesNotContain("System.", text.Replace("System.Diagnostics.Process, System", "", StringComparison.Ordinal));
            if (answer.StatusCode is >= HttpStatusCode.BadRequest and not HttpStatusCode.MethodNotAllowed)
                Assert.True(answer.Content.Headers.ContentType?.MediaType == "application/problem+json", what);
        }
    }

    private static HttpRequestMessage Draw(ApiEndpoint endpoint, Random random)
    {
        var own = endpoint.Parameters.Select(parameter => parameter.Name).ToArray();
        var query = string.Join('&', Enumerable.Range(0, random.Next(5)).Select(_ =>
        {
            var name = own.Length > 0 && random.Next(5) > 0 ? Pick(own, random) : Pick(Names, random);
            return $"{name}={Escape(Pick(Texts, random))}";
        }));
        var method = random.Next(20) == 0 ? "DELETE" : endpoint.Method;
        var request = new HttpRequestMessage(new(method), new Uri($"/loops/api/{endpoint.Path}?{query}", UriKind.Relative));
        if (random.Next(10) > 0)
            request.Headers.Add("X-SafeLoop", "1");
        if (endpoint.Body is not null)
        {
            var media = random.Next(10) == 0 ? "text/plain" : "application/json";
            request.Content = new StringContent(DrawBody(random), Encoding.UTF8, media);
        }
        return request;
    }

    private static string DrawBody(Random random)
    {
        if (random.Next(10) == 0)
            return Pick(Bodies, random);
        var pairs = Enumerable.Range(0, random.Next(6)).Select(_ =>
        {
            var value = random.Next(6) == 0 ? "{\"every\":\"00:00:05\"}" : System.Text.Json.JsonSerializer.Serialize(
                Pick(Texts, random).Replace("\uD800", "", StringComparison.Ordinal));
            return $"\"{(random.Next(2) == 0 ? Pick(["task", "reason", "kind"], random) : Pick(Names, random))}\":{value}";
        });
        return $"{{{string.Join(',', pairs)}}}";
    }

    private static string Escape(string text) => text == "\uD800" ? "%ED%A0%80" : Uri.EscapeDataString(text);

    private static string Pick(string[] all, Random random) => all[random.Next(all.Length)];

    private static async Task<DashboardHost> StartAsync()
    {
        var host = await DashboardHost.StartAsync(
            builder =>
            {
                builder.Environment.EnvironmentName = "Development"; // the page for developers would show stack traces
                builder.Services.AddRecurringTask("prices", (_, _) => throw new InvalidOperationException("bad"))
                    .Every(TimeSpan.FromMinutes(1));
                builder.Services.AddRecurringTask<Device, string>("devices").Every(TimeSpan.FromMinutes(1));
            },
            app => app.MapRecurringTasks().AllowAnonymous().AllowOperations());
        var keys = host.Services.GetRequiredService<IRecurringTaskKeys<Device, string>>();
        foreach (var key in Texts.Where(text => text.Length < 250))
            keys.TryAdd(key);
        await host.Time.AdvanceAsync(TimeSpan.FromMinutes(1));
        return host;
    }

    private sealed class Device : IRecurringTask<string>
    {
        public ValueTask RunAsync(string key, Iteration iteration, CancellationToken cancellationToken) =>
            ValueTask.CompletedTask;
    }
}
