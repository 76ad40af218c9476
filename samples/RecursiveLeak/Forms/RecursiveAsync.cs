using System.Diagnostics.CodeAnalysis;
using RecursiveLeak.Measuring;

namespace RecursiveLeak.Forms;

/// <summary>The postmortem's code: a task that ends by awaiting itself, so no frame can end before all later ones have.</summary>
internal sealed class RecursiveAsync : ILeakForm
{
    public string Name => "recursive async";

    public Task RunAsync(int iterations, RetentionMeter meter) => new Chain(meter).ScheduleUpdatingTask();

    private sealed class Chain(RetentionMeter meter)
    {
        private bool _active = true;

        [SuppressMessage("Reliability", "SLP001", Justification = "The leak this sample is about.")]
        public async Task ScheduleUpdatingTask()
        {
            if (!_active)
                return;

            try
            {
                await DoSomethingAsync();
            }
            catch (Exception error)
            {
                await Console.Error.WriteLineAsync(error.Message);
            }

            await ScheduleUpdatingTask();
        }

        private async Task DoSomethingAsync()
        {
            await Task.Yield(); // a step that completed at once would overflow the stack long before it filled the heap
            _active = meter.Iterated();
        }
    }
}
