using BenchmarkDotNet.Running;
using SafeLoop.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(IterationOverhead).Assembly).Run(args);
