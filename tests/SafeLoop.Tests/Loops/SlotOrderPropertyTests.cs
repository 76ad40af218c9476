using CsCheck;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Loops;

/// <summary>
/// For any task and any operations on it, the slots of its iterations strictly increase in the order of their starts.
/// </summary>
public class SlotOrderPropertyTests
{
    private const int Advance = 0, Sleep = 1, Run = 2, Pause = 3, Resume = 4, Restart = 5, Change = 6;

    private static readonly string[] Names = ["advance", "sleep", "run by hand", "pause", "resume", "restart", "change to"];

    private static readonly Gen<Scenario> Any =
        from schedule in Gen.Int[0, 5]
        from overlap in Gen.OneOf(Enum.GetValues<Overlap>())
        from missed in Gen.OneOf(Enum.GetValues<MissedSlots>())
        from jitter in Gen.OneOf(Gen.Const(0), Gen.Int[1, 20_000])
        from spreads in Gen.Bool
        from backsOff in Gen.Bool
        from steps in Gen.OneOf(Gen.Const(0), Gen.Int[1, 9_999]).Array[1, 5]
        from chosen in Gen.OneOf(Gen.Const(-1), Gen.Const(0), Gen.Int[1, 9_999]).Array[1, 5]
        from deeds in Gen.Select(
            Gen.Frequency((6, Advance), (2, Sleep), (8, Run), (1, Pause), (2, Resume), (1, Restart), (2, Change)),
            Gen.OneOf(Gen.Const(0), Gen.Int[1, 15_000])).Array[1, 15]
        select new Scenario(schedule, overlap, missed, jitter, spreads, backsOff, steps, chosen, deeds);

    [Fact]
    public Task Slots_strictly_increase_in_the_order_in_which_iterations_begin() => Bounded.Run(() => Any.Sample(
        scenario =>
        {
            using var host = new LoopHost(scenario.Register);
            host.StartHost();
            foreach (var (what, ms) in scenario.Deeds)
            {
                var span = TimeSpan.FromMilliseconds(ms);
                switch (what)
                {
                    case Advance: host.Advance(span); break;
                    case Sleep: host.Sleep(span); break;
                    // With whatever is done next at the same moment.
                    case Run when ms % 2 == 0: _ = host["t"].RunNowAsync(); break;
                    case Run: _ = host["t"].RunNowAsync(); host.Settle(); break;
                    case Pause: host["t"].Pause(); break;
                    case Resume: host["t"].Resume(); break;
                    case Restart: host["t"].Stop(); host.Settle(); host["t"].Start(); break;
                    case Change: _ = host["t"].ChangeAsync(options => Scenario.Set(options, ms % 6)); break;
                }
            }
            host.Advance(30.Seconds);

            var records = host.Records();
            var slots = SlotOrderTests.SlotsOf(records);
            Assert.Equal(slots.Order().Distinct(), slots);
            Assert.All(records, record => Assert.True(record.Number == 0 || record.Started >= record.Slot));
            Assert.All(records, record => Assert.True(record.Number == 0 || record.IsManual || record.Lateness >= TimeSpan.Zero));
        },
        iter: 1_000,
        threads: 1));

    private sealed record Scenario(
        int Schedule, Overlap Overlap, MissedSlots Missed, int Jitter, bool Spreads, bool BacksOff, int[] Steps, int[] Chosen,
        (int What, int Span)[] Deeds)
    {
        public override string ToString() =>
            $"schedule {Schedule}, {Overlap}, {Missed}, jitter {Jitter} ms, spread {Spreads}, back-off {BacksOff}, "
            + $"steps [{string.Join(", ", Steps)}], chosen [{string.Join(", ", Chosen)}], "
            + string.Join(", ", Deeds.Select(deed => $"{Names[deed.What]} {deed.Span}"));

        public static void Set(RecurringTaskOptions options, int schedule)
        {
            (options.Every, options.Delay, options.Cron, options.Continuously, options.DelayPolicy) = (null, null, null, false,
                null);
            switch (schedule)
            {
                case 0: options.Every = 3.Seconds; break;
                case 1: options.Delay = 2.Seconds; break;
                case 2: options.Cron = "*/5 * * * * *"; break;
                case 3: options.Continuously = true; break;
                case 4: options.DelayPolicy = new ScriptedPolicy((history, now) => (history.LastEnded ?? now) + 4.Seconds); break;
                default: (options.Every, options.RunOnStart) = (7.Seconds, true); break;
            }
        }

        public void Register(IServiceCollection services)
        {
            var calls = 0;
            services.AddRecurringTask("t", async (iteration, token) =>
            {
                var (span, chosen, fails) = (Steps[calls % Steps.Length], Chosen[calls % Chosen.Length],
                    BacksOff && calls % 3 == 1);
                calls++;
                if (chosen >= 0)
                    iteration.NextIn(TimeSpan.FromMilliseconds(chosen));
                if (calls % 3 != 0) // or a loop without a pause would never let time pass
                    await SafeLoop.Tests.Steps.Wait(iteration, TimeSpan.FromMilliseconds(Math.Max(span, 700)), token);
                if (fails)
                    throw new FormatException();
            }).OnOverlap(Overlap, 3).OnMissed(Missed).Configure(options =>
            {
                Set(options, Schedule);
                (options.Jitter, options.Spread) = (TimeSpan.FromMilliseconds(Jitter), Spreads);
                options.BackOff.Initial = BacksOff ? 5.Seconds : null;
            });
        }
    }
}
