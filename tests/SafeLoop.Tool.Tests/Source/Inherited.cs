namespace SafeLoop.Tool.Tests.Source;

/// <summary>Implements an interface with a method that others override.</summary>
internal abstract class Inherited : Inherited.IInherited
{
    internal interface IInherited
    {
        Task InheritedAsync();
    }

    public virtual Task InheritedAsync() => Task.CompletedTask;
}
