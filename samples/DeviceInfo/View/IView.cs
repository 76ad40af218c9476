namespace DeviceInfo.View;

/// <summary>Shows the running program until it is stopped.</summary>
internal interface IView
{
    /// <param name="look">Takes a fresh screen; called about once a second, on a thread-pool thread.</param>
    /// <param name="stopping">Ends the view; cancelling is the normal end and does not throw.</param>
    Task ShowAsync(Func<Screen> look, CancellationToken stopping);
}
