using Microsoft.Extensions.Options;

namespace SafeLoop;

/// <summary>Calls the registered validators for the options of a task.</summary>
internal sealed class OptionsValidation(IEnumerable<IValidateOptions<RecurringTaskOptions>> validators)
{
    private readonly IValidateOptions<RecurringTaskOptions>[] _validators = [.. validators];

    /// <returns>The failures of all validators, without their full stops.</returns>
    public IEnumerable<string> FailuresOf(string name, RecurringTaskOptions options) =>
        _validators.SelectMany(validator => FailuresOf(validator, name, options));

    private static string[] FailuresOf(
        IValidateOptions<RecurringTaskOptions> validator, string name, RecurringTaskOptions options)
    {
        try
        {
            var result = validator.Validate(name, options);
            return result is { Failed: true } // null: a validator may return nothing
                ? [.. (result.Failures ?? [result.FailureMessage]).Select(Problem)]
                : [];
        }
        catch (Exception error) // user code; the exception is one more problem of the task
        {
            return [$"validation of its options threw {ErrorText.Format(error)?.TrimEnd('.')}"];
        }
    }

    private static string Problem(string? failure) => $"its options failed validation: {failure?.TrimEnd('.')}";
}
