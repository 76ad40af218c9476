using SafeLoop.Analyzers.Tests.Support;

namespace SafeLoop.Analyzers.Tests.Recursion;

/// <summary>SLP003: repeating without a chain.</summary>
public sealed class StartsItselfTests
{
    [Theory]
    [InlineData("async Task Loop() { await Work(); _ = {|SLP003:Loop()|}; }")]
    [InlineData("async Task Loop() { await Work(); {|SLP003:Loop()|}; }")]
    [InlineData("async void Loop() { await Work(); {|SLP003:Loop()|}; }")]
    [InlineData("async Task Loop() { await Work(); var next = {|SLP003:Loop()|}; }")]
    [InlineData("async Task Loop() { await Work(); "
        + "_ = {|SLP003:Loop()|}.ContinueWith(ended => Log(ended), TaskContinuationOptions.OnlyOnFaulted); }")]
    [InlineData("Task last; async Task Loop() { await Work(); last = {|SLP003:Loop()|}; }")]
    [InlineData("async Task Loop() { await Work(); _ = Task.Run({|SLP003:Loop|}); }")]
    [InlineData("async Task Loop() { await Work(); _ = Task.Run(() => {|SLP003:Loop()|}); }")]
    [InlineData(
        "async Task Loop() { await Work(); _ = Task.Run(async () => { await Task.Delay(10); await {|SLP003:Loop()|}; }); }")]
    [InlineData("async Task Loop() { await Work(); await Task.Run(() => { _ = {|SLP003:Loop()|}; }); }")]
    [InlineData("void Loop() { Work().ContinueWith(_ => {|SLP003:Loop()|}); }")]
    [InlineData("void Loop() { Task.Delay(10).ContinueWith(t => {|SLP003:Loop()|}, TaskScheduler.Default); }")]
    [InlineData("Task Loop() => Work().ContinueWith(_ => {|SLP003:Loop()|});")]
    [InlineData("async Task Loop() { await Work(); await Task.Factory.StartNew(() => {|SLP003:Loop()|}); }")]
    [InlineData("Timer timer; void Loop(object state) { timer = new Timer({|SLP003:Loop|}, null, 1000, Timeout.Infinite); }")]
    [InlineData("Timer timer; void Loop() { "
        + "timer = new Timer(_ => {|SLP003:Loop()|}, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan); }")]
    [InlineData("void Loop() { Log(1); ThreadPool.QueueUserWorkItem(_ => {|SLP003:Loop()|}); }")]
    [InlineData("object StartCoroutine(IEnumerator routine) => routine; "
        + "IEnumerator Routine() { yield return null; StartCoroutine({|SLP003:Routine()|}); }")]
    [InlineData("async Task Loop() { if (!active) return; await Work(); _ = {|SLP003:Loop()|}; }")]
    [InlineData("async void Loop() { var value = await Read(); if (value == 1) { await Task.Delay(10); {|SLP003:Loop()|}; } }")]
    public Task Starting_itself_without_awaiting(string member) => RuleTest.Members(member);

    [Theory]
    [InlineData("async Task Walk(string path) { await Work(); "
        + "foreach (var child in System.IO.Directory.GetDirectories(path)) _ = Walk(child); }")]
    [InlineData("async Task Try(int left) { await Work(); if (left > 0) _ = Try(left - 1); }")]
    [InlineData("async void Click() { var value = await Read(); if (value == 1) Click(); }")]
    public Task Walks_and_retries_are_let_go(string member) => RuleTest.Members(member);
}
