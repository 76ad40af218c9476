using Microsoft.Extensions.DependencyInjection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using SafeLoop.Tests.Readme;

namespace SafeLoop.Testing.Tests.Docs;

/// <summary>The code of docs/testing.md compiles, and does what the page says.</summary>
public class TestingPageTests
{
    private static readonly string Root = FindRepository();

    [Fact]
    public void Every_code_block_is_the_compiled_code_of_its_name()
    {
        var compiled = MarkedText.InSource(Read("tests/SafeLoop.Testing.Tests/Docs/TestingPageTests.cs"));
        var shown = MarkedText.InMarkdown(Read("docs/testing.md"));

        Assert.All(shown, block => Assert.Equal(compiled.GetValueOrDefault(block.Name, $"There is no snippet '{block.Name}'."),
            block.Code));
        Assert.Equal(compiled.Keys, shown.Select(block => block.Name));
    }

    // snippet: first
    [Fact]
    public async Task A_failed_load_is_tried_again_later()
    {
        await using var host = await VirtualHost.StartAsync(builder => builder.Services
            .AddRecurringTask("prices", (iteration, ct) => LoadPricesAsync(ct)).Every(TimeSpan.FromMinutes(1))
            .BackOff(TimeSpan.FromMinutes(5)));
        host.Faults.Fail("prices", iteration: 3);
        await host.AdvanceAsync(TimeSpan.FromMinutes(8));
        Assert.Equal([0, 1, 2, 7, 8], host.Observer.Records("prices").Select(record => record.Slot.Minute));
    }
    // end

    [Fact]
    public async Task An_application_is_put_into_virtual_time()
    {
        // snippet: application
        await using var app = new WebApplicationFactory<Program>().WithWebHostBuilder(builder =>
            builder.UseContentRoot(AppContext.BaseDirectory).ConfigureTestServices(services => services.AddVirtualTime()));
        using var client = app.CreateClient();
        var host = VirtualHost.FromServices(app.Services);

        await host.AdvanceAsync(TimeSpan.FromHours(5));
        Assert.Equal("Healthy", await client.GetStringAsync("/health"));
        // end
    }

    private static Task LoadPricesAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static string Read(string path) => File.ReadAllText(Path.Combine(Root, path)).ReplaceLineEndings("\n");

    private static string FindRepository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "SafeLoop.sln")))
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException("SafeLoop.sln was not found above the tests.");
        return folder;
    }
}
