namespace SafeLoop;

/// <summary>Wraps every step of every task. The test host uses it to observe steps and to make them fail.</summary>
internal interface IStepDecorator
{
    TaskStep Decorate(string task, TaskStep step);
}
