using Microsoft.Extensions.DependencyInjection;
using static SafeLoop.Tests.Hosting.InvalidTasks;

namespace SafeLoop.Tests.Hosting;

/// <summary>Checks and handlers that take services: in every form, and from a scope that is not that of the steps.</summary>
public class ServiceCheckTests
{
    [Fact]
    public void Checks_take_services_in_any_form()
    {
        using var host = LoopHost.Run(services => services.AddSingleton<Gate>().AddSingleton<Notes>()
            .AddRecurringTask("task", Nothing).Every(Second)
            .While((Gate gate) => gate.IsOpen)
            .While((Gate gate, Notes notes) => gate.IsOpen)
            .While((Gate gate, CancellationToken ct) => gate.IsOpenAsync(ct))
            .While((Gate gate, CancellationToken ct) => gate.IsOpenValueAsync(ct))
            .While(async (Gate gate, Notes notes, CancellationToken ct) => await gate.IsOpenAsync(ct))
            .While<Gate>(gate => gate.IsOpen)
            .While(ct => Task.FromResult(true))
            .Until((Gate gate) => !gate.IsOpen)
            .Until((Gate gate, Notes notes) => !gate.IsOpen)
            .Until(async (Gate gate, CancellationToken ct) => !await gate.IsOpenAsync(ct))
            .Until(async (Gate gate, Notes notes, CancellationToken ct) => !await gate.IsOpenValueAsync(ct))
            .Until<Gate>((gate, ct) => Task.FromResult(!gate.IsOpen))
            .Until(ct => Task.FromResult(false)));
        host.Advance(Second);
        Assert.Equal(2, host["task"].Snapshot().Succeeded);

        host.Services.GetRequiredService<Gate>().IsOpen = false;
        host.Advance(Second);
        Assert.Equal(
            (LoopEnd.ConditionMet, OutcomeReason.ConditionFalse), (host["task"].Snapshot().End, host.Records()[^1].Reason));
    }

    [Fact]
    public void Until_ends_the_loop_by_the_answer_of_a_service()
    {
        using var host = LoopHost.Run(services => services.AddSingleton<Gate>().AddRecurringTask("task", Nothing).Every(Second)
            .Until((Gate gate) => !gate.IsOpen));
        host.Services.GetRequiredService<Gate>().IsOpen = false;
        host.Advance(Second);

        Assert.Equal((LoopEnd.ConditionMet, 2), (host["task"].Snapshot().End, host["task"].Snapshot().Succeeded));
    }

    [Fact]
    public void Handlers_take_services_in_any_form_and_are_called_in_order()
    {
        using var host = LoopHost.Run(services => services.AddSingleton<Notes>().AddSingleton<Gate>()
            .AddRecurringTask("task", (_, _) => throw new FormatException("on purpose")).Every(Second)
            .OnFailure((Notes notes, RecurringTaskFailure failure) => notes.Add($"statement {failure.ConsecutiveFailures}"))
            .OnFailure(_ => { })
            .OnFailure((Notes notes, RecurringTaskFailure failure) => { notes.Add("block"); })
            .OnFailure((Notes notes, RecurringTaskFailure failure) => notes.AddAsync("task"))
            .OnFailure((Notes notes, Gate gate, RecurringTaskFailure failure) => notes.AddValueAsync("value task"))
            .OnFailure(async (Notes notes, Gate gate, RecurringTaskFailure failure) => await notes.AddAsync("async"))
            .OnFailure((Notes _, RecurringTaskFailure _) => throw new InvalidOperationException("the handler"))
            .OnFailure<Notes>((notes, failure) => notes.Add(failure.Exception!.Message)));

        Assert.Equal(
            ["statement 1", "block", "task", "value task", "async", "on purpose"], host.Services.GetRequiredService<Notes>().All);
        Assert.Equal("the handler", Assert.Single(host.Observer.Of(LoopEventKind.Fault)).Exception!.Message);
    }

    [Fact]
    public void Each_call_has_a_scope_of_its_own_which_is_disposed_after_it()
    {
        using var host = LoopHost.Run(services => services.AddSingleton<Notes>().AddScoped<Unit>()
            .AddRecurringTask("task").Step("step", (Unit unit, CancellationToken _) => unit.FailAsync("step")).Every(Second)
            .While((Unit unit) => unit.Note("while"))
            .Until((Unit unit) => !unit.Note("until"))
            .OnFailure((Unit unit, RecurringTaskFailure _) => { unit.Note("failure"); }));

        Assert.Equal(
            ["while 1", "disposed 1", "step 2", "disposed 2", "failure 3", "disposed 3", "until 4", "disposed 4"],
            host.Services.GetRequiredService<Notes>().All);
    }

    [Fact]
    public void Of_a_singleton_task_they_are_resolved_once_from_the_application()
    {
        using var host = LoopHost.Run(services => services.AddSingleton<Notes>().AddTransient<Unit>()
            .AddRecurringTask("task", (_, _) => throw new FormatException()).Every(Second).AsSingleton()
            .While((Unit unit) => unit.Note("while"))
            .OnFailure((Unit unit, RecurringTaskFailure _) => { unit.Note("failure"); }));
        host.Advance(Second);

        Assert.Equal(["while 1", "failure 2", "while 1", "failure 2"], host.Services.GetRequiredService<Notes>().All);
    }

    [Fact]
    public void Each_key_is_asked_about_with_services_too()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddSingleton<Gate>().AddSingleton<Notes>();
            services.AddRecurringTask<Fails, int>("task").Every(Second).While((Gate gate) => gate.IsOpen)
                .OnFailure((Notes notes, RecurringTaskFailure failure) => notes.Add($"{failure.KeyText} {failure.Error}"));
        });
        host.Services.GetRequiredService<IRecurringTaskKeys<Fails, int>>().TryAdd(7);
        host.Settle();

        Assert.Equal(["7 FormatException: on purpose"], host.Services.GetRequiredService<Notes>().All);
    }

    [Fact]
    public void A_check_that_cannot_get_its_service_fails_the_iteration_and_a_handler_is_reported()
    {
        using var host = LoopHost.Run(services => services.AddSingleton<Gate>(_ => throw new FormatException("no gate"))
            .AddRecurringTask("task", Nothing).Every(Second).While((Gate gate) => gate.IsOpen)
            .OnFailure((Gate _, RecurringTaskFailure _) => { }));

        Assert.Equal("FormatException: no gate", host.Records()[0].Error);
        Assert.Equal("An OnFailure handler threw; the loop goes on.", Assert.Single(host.Observer.Of(LoopEventKind.Fault)).Text);
    }

    [Fact]
    public void What_is_missing_is_a_problem_at_the_start() => Assert.Equal(
        [
            "Recurring task 'task': a While check needs Gate, which is not registered. "
            + "Call services.AddSingleton<Gate>(), AddScoped or AddTransient.",
            "Recurring task 'task': an Until check takes CancellationToken as a service, which it is not. "
            + "Let it take services only, and last a CancellationToken or the RecurringTaskFailure, and return bool, "
            + "ValueTask or Task.",
            "Recurring task 'task': an OnFailure handler needs Notes, which is not registered. "
            + "Call services.AddSingleton<Notes>(), AddScoped or AddTransient.",
        ],
        Problems(services => services.AddSingleton(new Version()).AddRecurringTask("task", Nothing).Every(Second)
            .While((Gate gate) => gate.IsOpen)
            .Until((Version version, CancellationToken ct) => true)
            .OnFailure((Notes notes, RecurringTaskFailure failure) => notes.Add(""))));

    [Fact]
    public async Task Outside_its_loop_a_check_with_services_says_that_it_cannot_answer()
    {
        using var host = LoopHost.Run(services => services.AddSingleton<Gate>().AddRecurringTask("task", Nothing).Every(Second)
            .While((Gate gate) => gate.IsOpen));
        var check = Assert.Single(host["task"].Options.WhileChecks);

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await check(default));
    }

    private sealed class Gate
    {
        public bool IsOpen { get; set; } = true;

        public Task<bool> IsOpenAsync(CancellationToken cancellationToken) => Task.FromResult(IsOpen);

        public ValueTask<bool> IsOpenValueAsync(CancellationToken cancellationToken) => new(IsOpen);
    }

    private sealed class Notes
    {
        private readonly List<string> _all = [];

        public IReadOnlyList<string> All => _all;

        public int Units { get; set; }

        public void Add(string note) => _all.Add(note);

        public Task AddAsync(string note)
        {
            Add(note);
            return Task.CompletedTask;
        }

        public ValueTask AddValueAsync(string note) => new(AddAsync(note));
    }

    private sealed class Unit(Notes notes) : IDisposable
    {
        private readonly int _number = ++notes.Units;

        public bool Note(string what)
        {
            notes.Add($"{what} {_number}");
            return true;
        }

        public Task FailAsync(string what)
        {
            Note(what);
            throw new FormatException();
        }

        public void Dispose() => notes.Add($"disposed {_number}");
    }

    private sealed class Fails : IRecurringTask<int>
    {
        public ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken) =>
            throw new FormatException("on purpose");
    }
}
