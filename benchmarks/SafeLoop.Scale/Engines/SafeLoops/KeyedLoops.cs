using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SafeLoop.Scale.Measuring;

namespace SafeLoop.Scale.Engines.SafeLoops;

/// <summary>One keyed task with a key per loop; all that is on by default is on.</summary>
internal sealed class KeyedLoops(Load load) : IEngine, IRemovesLoops
{
    private IHost _host = null!;
    private IRecurringTaskKeys<NoteLateness, int> _keys = null!;

    public Task StartAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddRecurringTask<NoteLateness, int>().Every(load.Period).Spread().StartAfter(load.Before).AsSingleton();
        _host = builder.Build();
        _keys = _host.Services.GetRequiredService<IRecurringTaskKeys<NoteLateness, int>>();
        return _host.StartAsync();
    }

    public Task AddAsync()
    {
        for (var key = 0; key < load.Loops; key++)
            _keys.TryAdd(key);
        return Task.CompletedTask;
    }

    public Task RemoveAsync()
    {
        for (var key = 0; key < load.Loops; key++)
            _keys.TryRemove(key);
        return Task.CompletedTask;
    }
}
