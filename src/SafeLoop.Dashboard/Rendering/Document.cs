using Microsoft.AspNetCore.Components;

namespace SafeLoop.Dashboard;

/// <summary>
/// The only component: renders a fragment. The parts of a page are functions, so their models can stay internal.
/// </summary>
internal sealed class Document : IComponent
{
    private RenderHandle _handle;

    public void Attach(RenderHandle renderHandle) => _handle = renderHandle;

    public Task SetParametersAsync(ParameterView parameters)
    {
        _handle.Render(parameters.GetValueOrDefault<RenderFragment>(nameof(RenderFragment))!);
        return Task.CompletedTask;
    }
}
