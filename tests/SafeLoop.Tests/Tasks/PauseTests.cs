using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Tasks;

public sealed class PauseTests : ControlTest
{
    [Fact]
    public void Slots_of_a_paused_task_are_recorded_as_skipped()
    {
        Run();
        Task.Pause("Maintenance.");
        Host.Advance(Second * 30);

        Assert.Equal("Succeeded, Skipped(Paused), Skipped(Paused), Skipped(Paused)", Outcomes());
        Assert.Equal((RecurringTaskState.Paused, "Maintenance."), (Task.State, Task.Snapshot().StateReason));
        Assert.Equal((3, OutcomeReason.Paused), (Task.History[^1].Count, Task.History[^1].Reason)); // one record with a count
    }

    [Fact]
    public void A_resumed_task_runs_its_next_slot_and_makes_up_for_none()
    {
        Run();
        Task.Pause();
        Host.Advance(Second * 25);
        Task.Resume();
        Host.Advance(Second * 5);

        Assert.Equal("Succeeded, Skipped(Paused), Skipped(Paused), Succeeded", Outcomes());
        Assert.Equal(RecurringTaskState.Waiting, Task.State);
        Assert.Null(Task.Snapshot().StateReason);
    }

    [Fact]
    public void A_running_iteration_goes_on_when_its_task_is_paused()
    {
        IsGated = true;
        Run();
        Task.Pause();
        Host.Settle();
        Assert.Equal(RecurringTaskState.Running, Task.State);
        Open();

        Assert.Equal("Succeeded", Outcomes());
        Assert.Equal(RecurringTaskState.Paused, Task.State);
    }

    [Fact]
    public void A_task_paused_after_failures_stays_paused_until_it_is_resumed()
    {
        Run(task => task.Every(Second * 10).Step("second", (_, _) => throw new InvalidOperationException())
            .PauseAfterFailures(2));
        Host.Advance(Second * 30);

        Assert.Equal("Failed, Failed, Skipped(Paused), Skipped(Paused)", Outcomes());
        Assert.Equal("2 failures in a row.", Task.Snapshot().StateReason);
        Task.Resume();
        Host.Advance(Second * 10);
        Assert.Equal(3, Task.Snapshot().Failed);
    }

    [Fact]
    public void A_task_can_be_paused_before_the_host_starts()
    {
        Prepare();
        var added = Host.Tasks.Add("added", task => task.Step("step", StepAsync).Every(Second));
        added.Pause("Not yet.");
        Host.StartHost();

        Assert.Equal("Skipped(Paused)", Outcomes("added"));
    }

    [Fact]
    public void Pause_and_resume_are_published_once()
    {
        Run();
        Task.Resume(); // is not paused
        Task.Pause("one");
        Task.Resume();
        Task.Resume();

        Assert.Equal(["one"], Host.Observer.Of(LoopEventKind.Paused).Select(e => e.Text));
        Assert.Single(Host.Observer.Of(LoopEventKind.Resumed));
    }
}
