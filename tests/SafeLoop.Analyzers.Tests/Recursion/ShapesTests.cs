using SafeLoop.Analyzers.Tests.Support;

namespace SafeLoop.Analyzers.Tests.Recursion;

/// <summary>The less usual ways to write a call to oneself.</summary>
public sealed class ShapesTests
{
    [Theory]
    [InlineData(
        "async Task Loop() { while (active) { try { await Work(); } catch { await Task.Delay(5); await {|SLP001:Loop()|}; } } }")]
    [InlineData("async Task Loop(CancellationToken ct) { while (!ct.IsCancellationRequested) { try { await Work(); } "
        + "catch (Exception e) { Log(e); await Task.Delay(5); await {|SLP001:Loop(ct)|}; } await Work(); } }")]
    [InlineData("async Task Loop() { for (;;) { try { await Work(); } catch { await {|SLP004:Loop()|}; } } }")]
    public Task In_a_handler_inside_a_loop(string member) => RuleTest.Members(member);

    [Theory]
    [InlineData("async Task Loop() { try { while (true) { try { await Work(); } "
        + "catch when (attempts++ < 5) { await Task.Delay(5); await {|SLP004:Loop()|}; } } } finally { Log(1); } }")]
    [InlineData("async Task Walk(string[] all) { "
        + "foreach (var one in all) { try { await Work(); } catch { await Task.Delay(5); await Walk(all); } } }")]
    [InlineData("async Task Walk(Node node) { while (node != null) { try { await Work(); } "
        + "catch { await Task.Delay(5); await Walk(node.Next); } node = node.Next; } } class Node { public Node Next; }")]
    public Task In_a_handler_inside_a_loop_that_ends(string member) => RuleTest.Members(member);

    [Theory]
    [InlineData("async Task Loop() { await Work(); await Task.Delay(5); Task.Run(() => {|SLP001:Loop()|}).Wait(); }")]
    [InlineData("async Task Loop() { await Work(); await Task.Delay(5); {|SLP001:Loop()|}.Wait(); }")]
    [InlineData("async Task Loop() { await Work(); await Task.Delay(5); {|SLP001:Loop()|}.GetAwaiter().GetResult(); }")]
    [InlineData("async Task Loop() { await Work(); "
        + "await Task.Delay(5); {|SLP001:Loop()|}.ConfigureAwait(false).GetAwaiter().GetResult(); }")]
    [InlineData("async Task<int> Loop() { await Work(); await Task.Delay(5); return {|SLP001:Loop()|}.Result; }")]
    [InlineData("void Loop() { Log(1); Thread.Sleep(5); Task.Run(() => {|SLP001:Loop()|}).Wait(); }")]
    [InlineData("void Loop() { Log(1); Thread.Sleep(5); Task.Run({|SLP001:Loop|}).GetAwaiter().GetResult(); }")]
    public Task By_blocking(string member) => RuleTest.Members(member);

    private const string Polly = " class ResiliencePipeline { public Task ExecuteAsync(Func<Task> what) => what(); "
        + "public ValueTask ExecuteAsync(Func<CancellationToken, ValueTask> what, CancellationToken ct) => what(ct); } "
        + "ResiliencePipeline pipeline; Task WithRetry(Func<Task> what) => what();";

    [Theory]
    [InlineData("async Task Loop() { await Work(); await Task.Delay(5); await pipeline.ExecuteAsync(() => {|SLP001:Loop()|}); }")]
    [InlineData("async ValueTask Loop(CancellationToken ct) { await Work(); "
        + "await Task.Delay(5); await pipeline.ExecuteAsync({|SLP001:Loop|}, ct); }")]
    [InlineData("async ValueTask Loop(CancellationToken ct) { await Work(); "
        + "await Task.Delay(5); await pipeline.ExecuteAsync(async token => await {|SLP001:Loop(token)|}, ct); }")]
    [InlineData("async Task Loop() { await Work(); await Task.Delay(5); await WithRetry(() => {|SLP001:Loop()|}); }")]
    [InlineData("async Task Loop() { await Work(); "
        + "await Task.Delay(5); await WithRetry(async () => { await Work(); await {|SLP001:Loop()|}; }); }")]
    public Task Through_a_retry_helper_or_a_pipeline(string member) => RuleTest.Members(member + Polly);

    [Theory]
    [InlineData("async Task Loop() { await Task.Delay(5); "
        + "await (await Read() switch { 1 => {|SLP001:Loop()|}, _ => Task.CompletedTask }); }")]
    [InlineData(
        "async Task<int> Loop() { await Task.Delay(5); return await Read() switch { 1 => await {|SLP001:Loop()|}, _ => 2 }; }")]
    [InlineData("async Task<int> Loop() { await Task.Delay(5); "
        + "return await (attempts switch { > 1 => {|SLP001:Loop()|}, _ => Read() }); }")]
    public Task In_the_arm_of_a_switch_expression(string member) => RuleTest.Members(member);

    [Theory]
    [InlineData("async Task Loop() { Task t; await Task.Delay(5); t = {|SLP001:Loop()|}; await t; }")]
    [InlineData("async Task Loop() { Task t = null; try { await Work(); } "
        + "catch { await Task.Delay(5); t = {|SLP001:Loop()|}; } if (t != null) await t; }")]
    [InlineData("async Task Loop() { Task t; await Task.Delay(5); t = {|SLP003:Loop()|}; }")]
    [InlineData("async Task Loop() { Func<Task> again = {|SLP001:Loop|}; await Task.Delay(5); await again(); }")]
    [InlineData("async Task Loop() { Func<Task> again = () => {|SLP001:Loop()|}; await Task.Delay(5); await again.Invoke(); }")]
    [InlineData("async Task Loop() { Func<Task> again = {|SLP001:Loop|}; await Task.Delay(5); await Task.Run(again); }")]
    [InlineData("async Task Loop() { var me = this; await Task.Delay(5); await {|SLP001:me.Loop()|}; }")]
    public Task By_way_of_a_local(string member) => RuleTest.Members(member);

    [Theory]
    [InlineData("async Task Connect() { try { await Work(); } "
        + "catch { Task.Run(async () => { await Task.Delay(5); await {|SLP003:Connect()|}; }); } }")]
    [InlineData("async Task Connect() { try { await Work(); } "
        + "catch { _ = Task.Run(async () => { await Task.Delay(5); await {|SLP003:Connect()|}; }); } }")]
    [InlineData(
        "void Connect() { try { Log(1); } catch { Task.Run(async () => { await Task.Delay(5); {|SLP003:Connect()|}; }); } }")]
    [InlineData("async void Connect() { try { await Work(); } "
        + "catch (Exception e) { Log(e); _ = Task.Run(async () => { await Task.Delay(5); {|SLP003:Connect()|}; }); } }")]
    public Task Fire_and_forget_in_a_handler(string member) => RuleTest.Members(member);

    [Theory]
    [InlineData("async Task Loop() { await Work(); Post(); } "
        + "void Post() { Task.Delay(5).ContinueWith(t => {|SLP003:Loop()|}); }")]
    [InlineData("async Task Loop() { await Work(); Post(); } "
        + "void Post() => _ = Task.Run(async () => { await Task.Delay(5); await {|SLP003:Loop()|}; });")]
    [InlineData("void Loop() { Log(1); Post(TimeSpan.FromSeconds(1)); } "
        + "void Post(TimeSpan wait) { Task.Delay(wait).ContinueWith(_ => {|SLP003:Loop()|}, TaskScheduler.Default); }")]
    public Task Posted_by_a_helper(string members) => RuleTest.Members(members);

    [Theory]
    [InlineData("void Loop() { if (attempts++ > 5) return; Post(); } void Post() { Task.Delay(5).ContinueWith(t => Loop()); }")]
    [InlineData("void Loop(int left) { if (left == 0) return; Post(left - 1); } "
        + "void Post(int left) { Task.Delay(5).ContinueWith(t => Loop(left)); }")]
    [InlineData("void Show() { if (!active) Post(); } void Post() { Ui(() => Show()); } void Ui(Action what) { }")]
    public Task Posted_by_a_helper_for_a_while(string members) => RuleTest.Members(members);

    [Theory]
    [InlineData("Task Loop() { var done = new TaskCompletionSource<bool>(); "
        + "Task.Delay(5).ContinueWith(async _ => { await {|SLP001:Loop()|}; done.SetResult(true); }); return done.Task; }")]
    [InlineData("Task Loop() { var done = new TaskCompletionSource<bool>(); "
        + "_ = Task.Run(async () => { await Task.Delay(5); await {|SLP001:Loop()|}; done.TrySetResult(true); }); "
        + "return done.Task; }")]
    [InlineData("Task Loop() { var done = new TaskCompletionSource<bool>(); "
        + "Work().ContinueWith(_ => {|SLP001:Loop()|}.ContinueWith(_ => done.SetResult(true), TaskScheduler.Default), "
        + "TaskScheduler.Default); return done.Task; }")]
    public Task A_chain_of_completion_sources(string member) => RuleTest.Members(member);

    [Fact]
    public Task A_completion_source_that_is_completed_first_is_no_chain() => RuleTest.Members(
        "Task Loop() { var done = new TaskCompletionSource<bool>(); "
        + "_ = Task.Run(async () => { await Task.Delay(5); done.TrySetResult(true); await {|SLP003:Loop()|}; }); "
        + "return done.Task; }");
}
