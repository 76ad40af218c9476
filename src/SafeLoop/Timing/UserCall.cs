namespace SafeLoop;

/// <summary>A call into user code, from its creation to its disposal. Calls nest. The default value is no call.</summary>
internal readonly ref struct UserCall
{
    private readonly UserCallSlot? _slot;
    private readonly UserCalls? _outerHost;
    private readonly object? _outerCallee;
    private readonly object? _outerSubject;

    public UserCall(UserCallSlot slot, UserCalls host, object callee, object subject)
    {
        (_slot, _outerHost, _outerCallee, _outerSubject) = (slot, slot.Host, slot.Callee, slot.Subject);
        slot.Version++;
        (slot.Callee, slot.Subject, slot.Host) = (callee, subject, host);
    }

    /// <summary>Switches to the next of several callees.</summary>
    public void SwitchTo(object callee)
    {
        _slot!.Version++;
        _slot.Callee = callee;
    }

    public void Dispose()
    {
        if (_slot is null)
            return;
        _slot.Version++;
        if (_outerHost is null)
            (_slot.Host, _slot.Callee, _slot.Subject) = (null, null, null); // costs less
        else
            (_slot.Host, _slot.Callee, _slot.Subject) = (_outerHost, _outerCallee, _outerSubject);
    }
}
