namespace Targets.Leaks;

/// <summary>The gigabyte of the story: each frame keeps some 2.6 KB alive across its await.</summary>
internal sealed class HeavyFrames : ITarget
{
    public Task RunAsync(Work work) => PollAsync(work);

    private static async Task PollAsync(Work work)
    {
        var reading = new byte[2600];
        await work.StepAsync();
        await PollAsync(work); // recurs
        reading[0]++;
    }
}
