namespace SafeLoop;

/// <summary>Puts something round every step of every task: how the test host sees steps run, and makes them fail.</summary>
internal interface IStepDecorator
{
    TaskStep Decorate(string task, TaskStep step);
}
