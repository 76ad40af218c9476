using Microsoft.Extensions.DependencyInjection;
using Polly;
using Polly.CircuitBreaker;
using Polly.Registry;

namespace SafeLoop.Tests.Keys;

/// <summary>One pipeline for all keys, and one per key: what the documentation says of both.</summary>
public class KeyedResilienceTests
{
    [Fact]
    public void The_circuit_breaker_of_a_task_opens_for_all_keys()
    {
        using var poll = new PollHost(task => task.Every(TimeSpan.FromSeconds(1)).WithResilience(pipeline => Break(pipeline)));
        poll.Script.Step = (key, _, _) => key == "down" ? throw new IOException() : default;
        poll.Add("down", "up");
        poll.Advance(5);

        Assert.Contains(nameof(BrokenCircuitException), poll.Ended("up")[^1].Record.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_registry_has_a_pipeline_per_key()
    {
        var pipelines = new ResiliencePipelineRegistry<string>();
        using var poll = new PollHost(task => task.Every(TimeSpan.FromSeconds(1)));
        poll.Script.Step = (key, iteration, token) => pipelines
            .GetOrAddPipeline(key, (builder, _) =>
            {
                builder.TimeProvider = iteration.Services.GetRequiredService<TimeProvider>();
                Break(builder);
            })
            .ExecuteAsync(_ => key == "down" ? throw new IOException() : default, token);
        poll.Add("down", "up");
        poll.Advance(5);

        Assert.Contains(nameof(BrokenCircuitException), poll.Ended("down")[^1].Record.Error, StringComparison.Ordinal);
        Assert.Equal(IterationOutcome.Succeeded, poll.Ended("up").Select(ended => ended.Record.Outcome).Distinct().Single());
    }

    private static void Break(ResiliencePipelineBuilder pipeline) => pipeline.AddCircuitBreaker(new()
    {
        MinimumThroughput = 2,
        FailureRatio = 0.1,
        BreakDuration = TimeSpan.FromMinutes(5),
    });
}
