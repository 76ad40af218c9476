using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Testing.Tests;

/// <summary>The application of Program.cs, unchanged, in virtual time.</summary>
public class WebApplicationTests
{
    [Fact]
    public async Task A_web_application_lives_in_virtual_time()
    {
        await using var app = new WebApplicationFactory<Program>().WithWebHostBuilder(builder =>
            builder.UseContentRoot(AppContext.BaseDirectory).ConfigureTestServices(services => services.AddVirtualTime()));
        using var client = app.CreateClient();
        var host = VirtualHost.FromServices(app.Services);

        await host.AdvanceAsync(TimeSpan.FromHours(5));

        Assert.Equal("\"2026-01-01T05:00:00+00:00\"", await client.GetStringAsync("/now"));
        Assert.Equal(5, host.Outcomes("hourly").Count);
        Assert.Equal("Succeeded", await client.GetStringAsync("/run")); // a request runs a loop without an advance
        Assert.Equal("Healthy", await client.GetStringAsync("/health"));

        await host.AdvanceAsync(TimeSpan.FromHours(8));
        Assert.Equal(2, host.Outcomes("quick").Count);
    }

    [Fact]
    public async Task A_test_changes_a_setting_of_one_task()
    {
        await using var app = new WebApplicationFactory<Program>().WithWebHostBuilder(builder =>
        {
            builder.UseContentRoot(AppContext.BaseDirectory).UseSetting("RecurringTasks:hourly:Every", "02:00:00");
            builder.ConfigureTestServices(services => services.AddVirtualTime());
        });
        using var client = app.CreateClient();

        Assert.Equal(TimeSpan.FromHours(2), app.Services.GetRequiredService<IRecurringTasks>()["hourly"].Options.Every);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_test_that_is_not_about_loops_switches_them_off(bool inConfiguration)
    {
        await using var app = new WebApplicationFactory<Program>().WithWebHostBuilder(builder =>
        {
            builder.UseContentRoot(AppContext.BaseDirectory);
            if (inConfiguration)
                builder.UseSetting("RecurringTasks:Enabled", "false");
            else
                builder.ConfigureTestServices(services => services.DisableRecurringTasks());
        });
        using var client = app.CreateClient();

        Assert.Equal("Skipped", await client.GetStringAsync("/run"));
        Assert.Equal("Healthy", await client.GetStringAsync("/health"));
    }
}
