using System.Data.Common;

namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>What a process sees of a database that it does not reach.</summary>
public sealed class CutException(string point) : DbException($"Cut off {point}.");
