using System.CommandLine;

namespace SafeLoop.Terminal;

/// <summary><c>command</c>: what has become of a command that was sent before.</summary>
internal static class CommandVerb
{
    public static Command Create(VerbSetup setup)
    {
        var (id, timeout) = (new Argument<Guid>("id") { Description = "The id of the command." }, Timeout());
        return setup.Complete(
            new("command", "Waits for the result of a command that was sent before.") { id, timeout },
            async run =>
            {
                var status = await run.Source.FindCommandAsync(run.Parsed.GetRequiredValue(id), run.Cancelled);
                return await new CommandFollower(run).FollowAsync(status, TimeSpan.FromSeconds(run.Parsed.GetValue(timeout)));
            });
    }

    // A command that no host has taken within a minute expires: longer than that, so that the result says so.
    public static Option<int> Timeout() => VerbOptions.Number(
        "--timeout", "The most seconds to wait for the result; 0: do not wait.", "SECONDS", 90, 0, 86_400);
}
