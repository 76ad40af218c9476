using SafeLoop.Analyzers.Tests.Support;

namespace SafeLoop.Analyzers.Tests.Loops;

/// <summary>The loop that replaces a function's calls to itself, letter by letter.</summary>
public sealed class LoopFixTests
{
    private const string Loop = "Repeat in a loop";

    [Fact]
    public Task The_method_of_the_story_gets_its_guard_as_the_condition() => FixTest<LoopCodeFixProvider>.Members(
        """
            async Task Repeat()
            {
                if (!active) return;
                try { await Work(); } catch (Exception e) { Log(e); }
                await {|SLP001:Repeat()|};
            }
        """,
        """
            async Task Repeat()
            {
                while (active)
                {
                    try { await Work(); } catch (Exception e) { Log(e); }
                }
            }
        """,
        Loop);

    [Fact]
    public Task A_call_in_a_handler_becomes_continue_and_the_end_a_return() => FixTest<LoopCodeFixProvider>.Members(
        """
            async Task Connect()
            {
                try
                {
                    await Work();
                }
                catch (Exception e)
                {
                    Log(e);
                    // Give it some time.
                    await Task.Delay(5000);
                    await {|SLP001:Connect()|}; // again
                }
            }
        """,
        """
            async Task Connect()
            {
                while (true)
                {
                    try
                    {
                        await Work();
                    }
                    catch (Exception e)
                    {
                        Log(e);
                        // Give it some time.
                        await Task.Delay(5000);
                        continue; // again
                    }

                    return;
                }
            }
        """,
        Loop);

    [Fact]
    public Task A_result_is_still_returned() => FixTest<LoopCodeFixProvider>.Members(
        """
            async Task<int> Get(int id)
            {
                try
                {
                    return await Read();
                }
                catch (InvalidOperationException) when (id > 0)
                {
                    await Task.Delay(id);
                    return await {|SLP001:Get(id)|};
                }
            }
        """,
        """
            async Task<int> Get(int id)
            {
                while (true)
                {
                    try
                    {
                        return await Read();
                    }
                    catch (InvalidOperationException) when (id > 0)
                    {
                        await Task.Delay(id);
                        continue;
                    }
                }
            }
        """,
        Loop);

    [Fact]
    public Task A_stepped_parameter_is_stepped() => FixTest<LoopCodeFixProvider>.Members(
        """
            async Task Recover(int attempt)
            {
                await Task.Delay(100);
                Log(attempt);
                await {|SLP001:Recover(++attempt)|};
            }
        """,
        """
            async Task Recover(int attempt)
            {
                while (true)
                {
                    await Task.Delay(100);
                    Log(attempt);
                    ++attempt;
                }
            }
        """,
        Loop);

    [Fact]
    public Task All_new_values_are_computed_before_any_is_assigned() => FixTest<LoopCodeFixProvider>.Members(
        """
            async Task Swap(TimeSpan one, TimeSpan two, int steps = 7)
            {
                await Task.Delay(one);
                await {|SLP001:Swap(two + one, one)|};
            }
        """,
        """
            async Task Swap(TimeSpan one, TimeSpan two, int steps = 7)
            {
                while (true)
                {
                    await Task.Delay(one);
                    (one, two, steps) = (two + one, one, 7);
                }
            }
        """,
        Loop);

    [Fact]
    public Task A_call_out_of_an_inner_loop_becomes_goto() => FixTest<LoopCodeFixProvider>.Members(
        """
            async Task<bool> Check(int[] all)
            {
                foreach (var one in all)
                {
                    if (one == 0)
                    {
                        await Task.Delay(10);
                        return await {|SLP001:Check(all)|};
                    }
                }

                return true;
            }
        """,
        """
            async Task<bool> Check(int[] all)
            {
                while (true)
                {
                    foreach (var one in all)
                    {
                        if (one == 0)
                        {
                            await Task.Delay(10);
                            goto nextIteration;
                        }
                    }

                    return true;
                nextIteration:
                    ;
                }
            }
        """,
        Loop);

    [Fact]
    public Task An_async_iterator_yields_on() => FixTest<LoopCodeFixProvider>.Members(
        """
            async IAsyncEnumerable<int> Poll()
            {
                if (!active) yield break;
                yield return await Read();
                await foreach (var item in {|SLP001:Poll()|}) yield return item;
            }
        """,
        """
            async IAsyncEnumerable<int> Poll()
            {
                while (active)
                {
                    yield return await Read();
                }
            }
        """,
        Loop);

    [Fact]
    public Task A_condition_at_the_end_becomes_do_while() => FixTest<LoopCodeFixProvider>.Members(
        """
            async Task Repeat()
            {
                await Work();
                if (active)
                    await {|SLP001:Repeat()|};
            }
        """,
        """
            async Task Repeat()
            {
                do
                {
                    await Work();
                }
                while (active);
            }
        """,
        Loop);

    [Fact]
    public Task A_condition_that_needs_a_local_stays_inside() => FixTest<LoopCodeFixProvider>.Members(
        """
            async Task Wait()
            {
                var value = await Read();
                await Task.Delay(10);
                if (value != 3) await {|SLP001:Wait()|};
            }
        """,
        """
            async Task Wait()
            {
                while (true)
                {
                    var value = await Read();
                    await Task.Delay(10);
                    if (value != 3) continue;
                    return;
                }
            }
        """,
        Loop);

    [Fact]
    public Task The_return_after_a_call_goes_with_it() => FixTest<LoopCodeFixProvider>.Members(
        """
            async Task Repeat()
            {
                switch (await Read())
                {
                    case 1:
                        await Task.Delay(10);
                        await {|SLP001:Repeat()|};
                        break;
                    case 2:
                        await {|SLP001:Repeat()|};
                        return;
                }
            }
        """,
        """
            async Task Repeat()
            {
                while (true)
                {
                    switch (await Read())
                    {
                        case 1:
                            await Task.Delay(10);
                            continue;
                        case 2:
                            continue;
                    }

                    return;
                }
            }
        """,
        Loop);

    [Fact]
    public Task Disposal_after_each_iteration_is_announced() => FixTest<LoopCodeFixProvider>.Members(
        """
            async Task Repeat()
            {
                using var scope = new CancellationTokenSource();
                await Task.Delay(10, scope.Token);
                await {|SLP001:Repeat()|};
            }
        """,
        """
            async Task Repeat()
            {
                while (true)
                {
                    using var scope = new CancellationTokenSource();
                    await Task.Delay(10, scope.Token);
                }
            }
        """,
        Loop + " (cleans up after each iteration)");

    [Fact]
    public Task A_body_that_swallows_cancellation_looks_at_its_token() => FixTest<LoopCodeFixProvider>.Members(
        """
            async Task Repeat(CancellationToken ct)
            {
                try { await Task.Delay(10, ct); } catch (Exception e) { Log(e); }
                await {|SLP001:Repeat(ct)|};
            }
        """,
        """
            async Task Repeat(CancellationToken ct)
            {
                while (!ct.IsCancellationRequested)
                {
                    try { await Task.Delay(10, ct); } catch (Exception e) { Log(e); }
                }
            }
        """,
        Loop + " (ends when cancelled)");

    [Fact]
    public Task A_body_that_never_waits_gives_its_thread_back() => FixTest<LoopCodeFixProvider>.Members(
        """
            async Task Repeat()
            {
                Log(1);
                await Task.Run({|SLP001:Repeat|});
            }
        """,
        """
            async Task Repeat()
            {
                while (true)
                {
                    Log(1);
                    await Task.Yield();
                }
            }
        """,
        Loop + " (stays in the context of its caller)");

    [Fact]
    public Task Local_functions_and_lambdas() => FixTest<LoopCodeFixProvider>.Members(
        """
            async Task Start()
            {
                Func<Task> lambda = null;
                lambda = async () =>
                {
                    await Work();
                    await {|SLP001:lambda()|};
                };
                await lambda();
                await Local();

                async Task Local()
                {
                    await Work();
                    await {|SLP001:Local()|}.ConfigureAwait(false);
                }
            }
        """,
        """
            async Task Start()
            {
                Func<Task> lambda = null;
                lambda = async () =>
                {
                    while (true)
                    {
                        await Work();
                    }
                };
                await lambda();
                await Local();

                async Task Local()
                {
                    while (true)
                    {
                        await Work();
                    }
                }
            }
        """,
        Loop);

    [Fact]
    public Task A_comment_on_a_call_that_vanishes_stays() => FixTest<LoopCodeFixProvider>.Members(
        """
            async Task Repeat()
            {
                await Work();

                // And again.
                await {|SLP001:Repeat()|};
            }
        """,
        """
            async Task Repeat()
            {
                while (true)
                {
                    await Work();
                    // And again.
                }
            }
        """,
        Loop);

    [Fact]
    public Task Comments_on_conditions_keep_them_where_they_are() => FixTest<LoopCodeFixProvider>.Members(
        """
            async Task Repeat()
            {
                if (!active) return; // It was stopped.
                await Work();
                // As long as somebody listens.
                if (active) await {|SLP001:Repeat()|}; // again
            }
        """,
        """
            async Task Repeat()
            {
                while (true)
                {
                    if (!active) return; // It was stopped.
                    await Work();
                    // As long as somebody listens.
                    if (active) continue; // again
                    return;
                }
            }
        """,
        Loop);

    [Fact]
    public Task The_blank_line_behind_the_guard_goes_with_it() => FixTest<LoopCodeFixProvider>.Members(
        """
            async Task Repeat()
            {
                // Until it is stopped.
                if (!active)
                    return;

                await Work();
                await {|SLP001:Repeat()|};
            }
        """,
        """
            async Task Repeat()
            {
                // Until it is stopped.
                while (active)
                {
                    await Work();
                }
            }
        """,
        Loop);

    [Fact]
    public Task A_condition_is_not_looked_at_after_disposal() => FixTest<LoopCodeFixProvider>.Members(
        """
            async Task Repeat()
            {
                using var scope = new CancellationTokenSource();
                await Work();
                if (active) await {|SLP001:Repeat()|};
            }
        """,
        """
            async Task Repeat()
            {
                while (true)
                {
                    using var scope = new CancellationTokenSource();
                    await Work();
                    if (active) continue;
                    return;
                }
            }
        """,
        Loop + " (cleans up after each iteration)");

    [Fact]
    public Task A_sequence_that_its_consumer_no_longer_sees_is_announced() => FixTest<LoopCodeFixProvider>.Members(
        """
            IEnumerator Routine()
            {
                yield return 1;
                yield return {|SLP001:Routine()|};
            }
        """,
        """
            IEnumerator Routine()
            {
                while (true)
                {
                    yield return 1;
                }
            }
        """,
        Loop + " (goes on in the same sequence)");

    [Fact]
    public Task A_handler_that_waits_is_announced() => FixTest<LoopCodeFixProvider>.Members(
        """
            async Task Repeat()
            {
                try { await Work(); await {|SLP001:Repeat()|}; }
                catch (Exception) { await Work(); }
            }
        """,
        """
            async Task Repeat()
            {
                while (true)
                {
                    try { await Work(); continue; }
                    catch (Exception) { await Work(); }

                    return;
                }
            }
        """,
        Loop + " (handles an exception once)");

    [Fact]
    public Task An_enumerator_that_was_open_until_the_end_is_announced() => FixTest<LoopCodeFixProvider>.Members(
        """
            async Task Follow(IAsyncEnumerable<int> all)
            {
                await foreach (var one in all)
                {
                    if (one == 0)
                    {
                        await Task.Delay(10);
                        await {|SLP001:Follow(all)|};
                        return;
                    }
                }
            }
        """,
        """
            async Task Follow(IAsyncEnumerable<int> all)
            {
                while (true)
                {
                    await foreach (var one in all)
                    {
                        if (one == 0)
                        {
                            await Task.Delay(10);
                            goto nextIteration;
                        }
                    }

                    return;
                nextIteration:
                    ;
                }
            }
        """,
        Loop + " (cleans up after each iteration)");

    [Fact]
    public Task Cancellation_that_is_thrown_on_is_not_swallowed() => FixTest<LoopCodeFixProvider>.Members(
        """
            async Task Repeat(int step, CancellationToken ct)
            {
                try { await Task.Delay(10, ct); } catch (OperationCanceledException) { throw; } catch (Exception e) { Log(e); }
                await {|SLP001:Repeat(step += 2, ct)|};
            }
        """,
        """
            async Task Repeat(int step, CancellationToken ct)
            {
                while (true)
                {
                    try { await Task.Delay(10, ct); } catch (OperationCanceledException) { throw; } catch (Exception e) { Log(e); }
                    step += 2;
                }
            }
        """,
        Loop);

    [Fact]
    public Task A_partial_method_has_the_default_of_its_declaration_and_the_names_of_its_body() =>
        FixTest<LoopCodeFixProvider>.File(
            """
            using System.Threading.Tasks;

            partial class Job
            {
                public partial Task Repeat(int pause = 3);

                public async partial Task Repeat(int wait)
                {
                    await Task.Delay(wait);
                    await {|SLP001:Repeat()|};
                }
            }
            """,
            """
            using System.Threading.Tasks;

            partial class Job
            {
                public partial Task Repeat(int pause = 3);

                public async partial Task Repeat(int wait)
                {
                    while (true)
                    {
                        await Task.Delay(wait);
                        wait = 3;
                    }
                }
            }
            """,
            Loop);

    [Fact]
    public Task Comments_and_pragmas_around_what_vanishes_stay() => FixTest<LoopCodeFixProvider>.Members(
        """
            async Task Repeat()
            { // open
                if (await Read() == 1)
                {
                    await Task.Delay(1);
                    await {|SLP001:Repeat()|}; // again
                    return; // never
                }
        #pragma warning disable CS0618
                await {|SLP001:Repeat()|};
        #pragma warning restore CS0618
            } // close
        """,
        """
            async Task Repeat()
            {
                while (true)
                { // open
                    if (await Read() == 1)
                    {
                        await Task.Delay(1);
                        continue; // again
                                  // never
                    }
        #pragma warning disable CS0618
                    continue;
        #pragma warning restore CS0618
                }
            } // close
        """,
        Loop);

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task Lines_end_as_they_do_in_the_file(string lineEnd)
    {
        var before = Code.WithMembers("""
                async Task Repeat()
                {
                    if (!active) return;

                    try
                    {
                        await Work();
                    }
                    catch (Exception e) { Log(e); await Task.Delay(1); await Repeat(); }
                }

                async Task Poll()
                {
                    await Work();
                    _ = Poll();
                }
            """).ReplaceLineEndings(lineEnd);

        var after = await Fixer.ApplyAsync(await Fixer.ApplyAsync(before, new LoopCodeFixProvider()),
            new StartAndLoopCodeFixProvider());

        Assert.Contains("while (active)", after, StringComparison.Ordinal);
        Assert.Contains("PollLoopAsync()", after, StringComparison.Ordinal);
        Assert.Equal(after.ReplaceLineEndings(lineEnd), after);
    }
}
