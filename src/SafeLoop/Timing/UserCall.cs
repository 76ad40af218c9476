namespace SafeLoop;

/// <summary>A call into user code, from its creation to its disposal. Calls nest. The default value is no call.</summary>
internal readonly ref struct UserCall
{
    private readonly UserCallSlot? _slot;

    public UserCall(UserCallSlot slot, UserCalls host, object callee, object subject)
    {
        _slot = slot;
        slot.Push(host, callee, subject);
    }

    /// <summary>Switches to the next of several callees.</summary>
    public void SwitchTo(object callee) => _slot!.Replace(callee);

    public void Dispose() => _slot?.Pop();
}
