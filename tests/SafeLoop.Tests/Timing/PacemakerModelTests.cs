using CsCheck;

namespace SafeLoop.Tests.Timing;

/// <summary>The pacemaker against the simplest thing that could be right: a sorted list.</summary>
public class PacemakerModelTests
{
    private const int Alarms = 12;
    private const long UnitsPerTick = 10_000;

    /// <summary>One for the tick in which an alarm falls due, one because timers are set in whole milliseconds.</summary>
    private const long Tolerance = 2 * UnitsPerTick;

    // Waits of every magnitude, from a fraction of a tick to centuries, also just before and after the wheel's digits turn.
    private static readonly Gen<long> Waits =
        Gen.Select(Gen.Int[0, 56], Gen.Long[-20_001, 20_001], (bits, off) => (1L << bits) + off);

    private static readonly Gen<(Act Act, int Alarm, long Units)> Steps =
        Gen.Select(Gen.Enum<Act>(), Gen.Int[0, Alarms - 1], Waits);

    public enum Act { Arm, ArmMore, Disarm, Jump, Walk, WalkWithEarlyTimer, SpuriousFire }

    [Fact]
    public void Random_histories_ring_what_a_sorted_list_would()
    {
        Steps.Array[1, 60].Sample(steps =>
        {
            var clock = new PacemakerClock(start: -5_000_000_123);
            var rig = new PacemakerRig(clock);
            var model = new Model(clock.Now);
            var alarms = Enumerable.Range(0, Alarms).Select(n => new RecordingAlarm($"{n}", rig)).ToArray();

            foreach (var (act, number, units) in steps)
            {
                clock.FiresEarlyBy = TimeSpan.FromMilliseconds(act == Act.WalkWithEarlyTimer ? 20 : 0);
                switch (act)
                {
                    case Act.Arm or Act.ArmMore:
                        rig.Pacemaker.Arm(alarms[number], clock.Now + units);
                        model.Arm(number, clock.Now + units, clock.Now);
                        break;
                    case Act.Disarm:
                        Assert.Equal(model.Disarm(number), rig.Pacemaker.Disarm(alarms[number]));
                        break;
                    case Act.Jump:
                        clock.Jump(Math.Abs(units));
                        break;
                    case Act.Walk or Act.WalkWithEarlyTimer:
                        clock.Walk(Math.Abs(units), rig.RunWorkers);
                        break;
                    case Act.SpuriousFire:
                        clock.FireTimer();
                        break;
                }
                rig.RunWorkers();
                model.Check(rig.Rung, clock.Now);
                Assert.Equal(model.Armed, rig.Pacemaker.Armed);
            }
        }, iter: 5_000);
    }

    private sealed class Model(long origin)
    {
        private readonly List<Entry> _armed = [];
        private int _checked;

        public int Armed => _armed.Count;

        public void Arm(int alarm, long due, long now)
        {
            Disarm(alarm);
            var tick = due <= origin ? 0 : (due - origin - 1) / UnitsPerTick + 1;
            var before = _armed.FindLastIndex(other => other.Tick <= tick);
            _armed.Insert(before + 1, new Entry($"{alarm}", tick, WasLate: tick <= TickOf(now)));
        }

        public bool Disarm(int alarm) => _armed.RemoveAll(entry => entry.Alarm == $"{alarm}") > 0;

        /// <summary>What rang since the last check was first in the list and not early, and nothing late is left.</summary>
        public void Check(List<string> rung, long now)
        {
            for (; _checked < rung.Count; _checked++)
            {
                var entry = _armed.Single(entry => entry.Alarm == rung[_checked]);
                Assert.True(entry.Tick <= TickOf(now), "It rang early.");
                // One that was late when it was armed has no place of its own: others may have become due unnoticed.
                Assert.True(entry.WasLate || entry == _armed.First(other => !other.WasLate), "It rang out of order.");
                _armed.Remove(entry);
            }
            Assert.DoesNotContain(_armed, entry => entry.Tick < TickOf(now - Tolerance));
        }

        private long TickOf(long timestamp) => (timestamp - origin) / UnitsPerTick;

        private sealed record Entry(string Alarm, long Tick, bool WasLate);
    }
}
