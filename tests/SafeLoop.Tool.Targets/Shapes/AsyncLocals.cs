namespace Targets.Shapes;

/// <summary>Each scope holds the one before it, and whatever is started now holds the last.</summary>
internal sealed class AsyncLocals : ITarget
{
    private static readonly AsyncLocal<Dictionary<int, byte[]>> Baggage = new();

    public async Task RunAsync(Work work)
    {
        Baggage.Value = [];
        for (var i = 0; ; i++)
        {
            Baggage.Value[i] = new byte[1_500];
            await work.StepAsync();
        }
    }
}
