namespace Targets.Shapes;

/// <summary>A program that holds something, by the way its name says, and more of it on "more".</summary>
internal abstract class Shape : ITarget
{
    public async Task RunAsync(Work work)
    {
        for (var i = 0; ; i++)
        {
            Add(i, work.Count);
            await work.StepAsync();
        }
    }

    /// <param name="i">The number of the step.</param>
    /// <param name="count">How many steps were asked for at first.</param>
    protected abstract void Add(int i, int count);
}
