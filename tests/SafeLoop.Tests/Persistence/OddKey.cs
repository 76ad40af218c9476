namespace SafeLoop.Tests.Persistence;

/// <summary>A key whose text does not identify it.</summary>
internal sealed record OddKey(int Number, Func<string?> Text)
{
    public bool Equals(OddKey? other) => other?.Number == Number;

    public override int GetHashCode() => Number;

    public override string? ToString() => Text();
}
