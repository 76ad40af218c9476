namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>
/// Checks pauses and the change at the end: what was confirmed is stored, and all processes have what is stored, also one that
/// was started later.
/// </summary>
internal sealed class StateJudge(CrashLog log, CrashFacts facts)
{
    public IEnumerable<string> Judge()
    {
        foreach (var task in CrashTasks.Periods.Keys)
        {
            var loop = facts.Loops.SingleOrDefault(loop => facts.Tasks[loop.TaskId] == task);
            var (isPaused, isChanged) = (loop?.PausedSince is not null, loop?.ChangeOptions is not null);
            if (!log.Unconfirmed.Contains(task) && isPaused != log.Paused.Contains(task))
                yield return $"{task}: is {Not(isPaused)}paused at the end";
            if (task == CrashTasks.Interval && log.IsChanged && !isChanged)
                yield return $"{task}: its change is lost";
            foreach (var state in log.States.Where(state => state.Task == task))
            {
                var at = $"in process {state.Life}, and";
                if (state.IsPaused != isPaused)
                    yield return $"{task}: is {Not(state.IsPaused)}paused {at} {Not(isPaused)}in the store";
                if (state.IsChanged != isChanged)
                    yield return $"{task}: is {Not(state.IsChanged)}changed {at} {Not(isChanged)}in the store";
            }
        }
    }

    private static string Not(bool value) => value ? "" : "not ";
}
