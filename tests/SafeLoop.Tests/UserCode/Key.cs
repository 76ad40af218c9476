namespace SafeLoop.Tests.UserCode;

/// <summary>A key whose members are user code. All keys have the same hash, so that each is compared with all others.</summary>
internal sealed record Key(string Name)
{
    public Action? OnHash { get; init; }

    public Action? OnEquals { get; init; }

    public Action? OnText { get; init; }

    public bool Equals(Key? other)
    {
        OnEquals?.Invoke();
        return other?.Name == Name;
    }

    public override int GetHashCode()
    {
        OnHash?.Invoke();
        return 7;
    }

    public override string ToString()
    {
        OnText?.Invoke();
        return Name;
    }
}
