namespace SafeLoop.Locks.Tests;

[Collection(PostgresCollection.Name)]
public class PostgresLossTests(PostgresBackEnd backEnd) : LossContract(backEnd)
{
    [Fact] // Redis does not tie a lock to a connection
    public async Task A_cut_connection_cancels_the_step_and_the_loop_goes_on()
    {
        await using var client = Connected();
        using var host = Run(client.Value, Long);
        await StepStarts();
        Proxy.Cut();

        Assert.Equal((IterationOutcome.Interrupted, OutcomeReason.LockLost), End(host, 1));
        await RunsAgain(host);
    }

    [Fact]
    public Task A_step_is_cancelled_within_a_second_of_the_cut_of_its_connection() => IsCancelledWithinASecondOf(Proxy.Cut);
}
