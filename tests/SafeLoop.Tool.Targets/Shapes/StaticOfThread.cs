namespace Targets.Shapes;

internal sealed class StaticOfThread : ITarget
{
    [ThreadStatic]
    private static List<byte[]>? _scratch;

    public Task RunAsync(Work work)
    {
        new Thread(() =>
        {
            _scratch = [];
            for (var i = 0; i < work.Count; i++)
                _scratch.Add(new byte[1_500]);
            Work.Ready();
            new ManualResetEventSlim().Wait();
        }) { IsBackground = true }.Start();
        return Task.CompletedTask;
    }
}
