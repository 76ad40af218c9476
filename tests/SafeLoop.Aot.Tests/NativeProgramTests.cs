namespace SafeLoop.Aot.Tests;

public class NativeProgramTests
{
    [Fact]
    public async Task Keys_of_every_kind_and_the_main_verbs_work_in_a_native_program()
    {
        using var program = new NativeProgram();
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
}
