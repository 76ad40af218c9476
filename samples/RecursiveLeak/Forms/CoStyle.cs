using System.Diagnostics.CodeAnalysis;
using RecursiveLeak.Measuring;

namespace RecursiveLeak.Forms;

/// <summary>
/// The same mistake with generators, as written for node's <c>co</c> before async/await: the generator ends by yielding itself.
/// </summary>
internal sealed class CoStyle : ILeakForm
{
    public string Name => "co-style generators";

    public Task RunAsync(int iterations, RetentionMeter meter) => Trampoline.RunAsync(new Chain(meter).ScheduleUpdatingTask());

    private sealed class Chain(RetentionMeter meter)
    {
        private bool _active = true;

        [SuppressMessage("Reliability", "SLP001", Justification = "The leak this sample is about.")]
        public IEnumerator<object> ScheduleUpdatingTask()
        {
            if (!_active)
                yield break;

            yield return DoSomethingAsync();
            yield return ScheduleUpdatingTask();
        }

        private async Task DoSomethingAsync()
        {
            await Task.Yield();
            _active = meter.Iterated();
        }
    }
}
