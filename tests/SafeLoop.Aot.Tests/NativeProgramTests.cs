namespace SafeLoop.Aot.Tests;

public class NativeProgramTests
{
    [Fact]
    public async Task Keys_of_every_kind_and_the_main_verbs_work_in_a_native_program()
    {
        using var program = new NativeProgram("SafeLoop.Aot");
        await program.PublishAsync();
        var (exitCode, output) = await program.RunAsync();

        Assert.Equal(
            [
                "int: 1, 2, 3; Succeeded as number 2, 3, True, True, True; 3 seen, 1 slowest, 0 failing, 0 paused",
                "long: 1, 2, 3; Succeeded as number 2, 3, True, True, True; 3 seen, 1 slowest, 0 failing, 0 paused",
                "guid: 00000000-0000-0000-0000-000000000000, ffffffff-ffff-ffff-ffff-ffffffffffff; "
                + "Succeeded as number 2, 2, True, True, True; 2 seen, 1 slowest, 0 failing, 0 paused",
                "date: 01/01/2026, 01/02/2026; Succeeded as number 2, 2, True, True, True; "
                + "2 seen, 1 slowest, 0 failing, 0 paused",
                "enum: First, Ground; Succeeded as number 2, 2, True, True, True; 2 seen, 1 slowest, 0 failing, 0 paused",
                "string: a, b; Succeeded as number 2, 2, True, True, True; 2 seen, 1 slowest, 0 failing, 0 paused",
                "record: Tenant { Name = a }, Tenant { Name = b }; Succeeded as number 2, 2, True, True, True; "
                + "2 seen, 1 slowest, 0 failing, 0 paused",
                "record struct: DeviceId { Number = 1 }, DeviceId { Number = 2 }; Succeeded as number 2, 2, True, True, True; "
                + "2 seen, 1 slowest, 0 failing, 0 paused",
                "struct of nullables: Socket { Host = , Port = 80 }, Socket { Host = h, Port =  }; "
                + "Succeeded as number 2, 2, True, True, True; 2 seen, 1 slowest, 0 failing, 0 paused",
                "bare struct: bare 1, bare 2; Succeeded as number 2, 2, True, True, True; 2 seen, 1 slowest, 0 failing, 0 paused",
                "tuple: (1, a), (2, b); Succeeded as number 2, 2, True, True, True; 2 seen, 1 slowest, 0 failing, 0 paused",
                "object: 1, a; Succeeded as number 2, 2, True, True, True; 2 seen, 1 slowest, 0 failing, 0 paused",
                "verbs: refresh 00:10:00 BufferOne Succeeded, steps Succeeded with a history of 7, added Succeeded, "
                    + "nightly at 03:00, failing ended by Failures with on purpose, health Unhealthy",
                "json: a handle is its snapshot True, Failed with FormatException: "
                + "on purpose, a record is read back True, a slot too True",
            ],
            output.ReplaceLineEndings("\n").TrimEnd().Split('\n'));
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task The_pages_and_the_api_of_the_dashboard_work_in_a_native_program()
    {
        using var program = new NativeProgram("SafeLoop.Aot.Web");
        var warnings = (await program.PublishAsync()).Split('\n')
            .Where(line => line.Contains("warning", StringComparison.Ordinal) && !line.TrimStart().StartsWith('0')).ToList();
        var (exitCode, output) = await program.RunAsync();

        // The framework's renderer of components has some. None is ours.
        Assert.All(warnings, line => Assert.Contains("Assembly 'Microsoft.AspNetCore.Components", line));
        Assert.Equal(
            [
                ": 200 Overview",
                "task?task=refresh: 200 refresh",
                "slot?task=nightly&at=2026-01-01T02:00:00Z: 200 Thu 1 Jan 2026, 02:00:00 UTC",
                "calendar: 200 Calendar",
                "commands: 200 Commands",
                "instances: 200 Instances",
                "preview?task=nightly&cron=0%204%20*%20*%20*: 200 Change the schedule",
                "bulk: 200 Operate on many tasks",
                "task?task=none: 404 Not found",
                "assets/dashboard.css: 200 text/css",
                "api/tasks: 200 application/json",
                "api/history?task=refresh: 200 application/json",
                "api/instances: 200 application/json",
                "operate: 200 refresh",
                "api/bulk: 200 application/json",
                "encoded True",
            ],
            output.ReplaceLineEndings("\n").TrimEnd().Split('\n'));
        Assert.Equal(0, exitCode);
    }
}
