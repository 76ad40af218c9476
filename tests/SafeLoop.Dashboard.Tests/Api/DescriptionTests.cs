using System.Net.Http.Json;
using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using NSwag.CodeGeneration.CSharp;
using NSwag.CodeGeneration.OperationNameGenerators;

namespace SafeLoop.Dashboard.Tests;

/// <summary>The API has a description in a document of its own, from which a client is generated that works.</summary>
public sealed class DescriptionTests
{
    // The part of a generated client that its user writes: NSwag does not read every enum as a string by itself.
    private const string EnumsAsStrings = """
        namespace Generated;

        public partial class LoopsClient
        {
            static partial void UpdateJsonSerializerSettings(System.Text.Json.JsonSerializerOptions settings) =>
                settings.Converters.Add(new System.Text.Json.Serialization.JsonStringEnumConverter());
        }
        """;

    [Fact]
    public async Task The_document_has_every_endpoint_and_that_of_the_host_has_none()
    {
        await using var host = await StartAsync();

        var own = await host.Client.GetFromJsonAsync<JsonElement>("/openapi/safeloop.json");
        var hosts = await host.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");

        var paths = own.GetProperty("paths").EnumerateObject().ToDictionary(path => path.Name, path => path.Value);
        Assert.Equal(ApiEndpoints.All.Select(endpoint => $"/loops/api/{endpoint.Path}").Order(), paths.Keys.Order());
        foreach (var endpoint in ApiEndpoints.All)
        {
            var operation = paths[$"/loops/api/{endpoint.Path}"].GetProperty(endpoint.Method.ToLowerInvariant());
            string[] described = operation.TryGetProperty("parameters", out var parameters)
                ? [.. parameters.EnumerateArray().Select(parameter => $"{parameter.Text("name")} {IsRequired(parameter)}")]
                : [];
            Assert.Equal(endpoint.Parameters.Select(parameter => $"{parameter.Name} {parameter.IsRequired}"), described);
        }
        Assert.Equal("/hosts", Assert.Single(hosts.GetProperty("paths").EnumerateObject()).Name);
    }

    [Fact]
    public async Task A_generated_client_reads_and_operates()
    {
        await using var host = await StartAsync();
        host.Client.DefaultRequestHeaders.Add("X-SafeLoop", "1");
        var json = await host.Client.GetStringAsync("/openapi/safeloop.json");
        var client = CreateClient(await GenerateAsync(json), host.Client);

        dynamic page = await CallAsync(client, "Loops_ListTasksAsync", null, null, null, null);
        string[] names = [.. ((IEnumerable<object>)page.Tasks).Select(task => (string)((dynamic)task).Name)];
        var body = Activator.CreateInstance(client.GetType().Assembly.GetType("Generated.OperationBody")!)!;
        ((dynamic)body).Task = "prices";
        ((dynamic)body).Reason = "by a generated client";
        await CallAsync(client, "Loops_PauseTaskAsync", body);

        Assert.Equal(["prices"], names);
        Assert.Equal("by a generated client", host.Time["prices"].Snapshot().Pause?.Reason);
    }

    private static bool IsRequired(JsonElement parameter) =>
        parameter.TryGetProperty("required", out var required) && required.GetBoolean();

    private static async Task<string> GenerateAsync(string json)
    {
        var document = await NSwag.OpenApiDocument.FromJsonAsync(json);
        var settings = new CSharpClientGeneratorSettings { ClassName = "LoopsClient", UseBaseUrl = false };
        settings.CSharpGeneratorSettings.Namespace = "Generated";
        settings.CSharpGeneratorSettings.JsonLibrary = NJsonSchema.CodeGeneration.CSharp.CSharpJsonLibrary.SystemTextJson;
        settings.OperationNameGenerator = new SingleClientFromOperationIdOperationNameGenerator();
        return new CSharpClientGenerator(document, settings).GenerateFile();
    }

    private static object CreateClient(string code, HttpClient http)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => path.Length > 0).Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "Generated",
            [CSharpSyntaxTree.ParseText(code), CSharpSyntaxTree.ParseText(EnumsAsStrings)],
            references,
            new(OutputKind.DynamicallyLinkedLibrary));
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(one => one.Severity is DiagnosticSeverity.Error)));
        assembly.Position = 0;
        var type = new AssemblyLoadContext("generated").LoadFromStream(assembly).GetType("Generated.LoopsClient")!;
        return Activator.CreateInstance(type, http)!;
    }

    private static async Task<object> CallAsync(object client, string method, params object?[] arguments)
    {
        var call = client.GetType().GetMethods().Single(one => one.Name.Equals(method, StringComparison.OrdinalIgnoreCase)
            && one.GetParameters().Length == arguments.Length);
        var task = (Task)call.Invoke(client, arguments)!;
        await task;
        return task.GetType().GetProperty("Result")!.GetValue(task)!;
    }

    private static Task<DashboardHost> StartAsync() => DashboardHost.StartAsync(
        builder =>
        {
            builder.Services.AddRecurringTask("prices", (_, _) => ValueTask.CompletedTask).Every(TimeSpan.FromMinutes(1));
            builder.Services.AddOpenApi();
            builder.Services.AddOpenApi("safeloop", options =>
            {
                options.ShouldInclude = description => description.GroupName == "safeloop";
                // The framework describes an enum of strings without its type, and NSwag then takes it for numbers.
                options.AddSchemaTransformer((schema, _, _) =>
                {
                    if (schema is { Enum.Count: > 0, Type: null })
                        schema.Type = JsonSchemaType.String;
                    return Task.CompletedTask;
                });
            });
        },
        app =>
        {
            app.MapOpenApi().AllowAnonymous();
            app.MapGet("/hosts", () => "own");
            app.MapRecurringTasks().AllowAnonymous().AllowOperations().ShowErrors();
        });
}
