using DeviceInfo;

namespace Samples.Tests.DeviceInfo;

public sealed class DeviceInfoArgumentsTests
{
    [Fact]
    public void Without_options_it_runs_until_stopped_on_the_default_database()
    {
        Assert.Equal(new DeviceInfoOptions(null, "device-info.db"), DeviceInfoArguments.Parse([], out var problem));
        Assert.Null(problem);
    }

    [Theory]
    [InlineData("--seconds", "5", "--database", "a.db")]
    [InlineData("--database=a.db", "--seconds=5")]
    public void Options_take_their_value_after_a_space_or_an_equals_sign(params string[] args)
    {
        Assert.Equal(new DeviceInfoOptions(TimeSpan.FromSeconds(5), "a.db"), DeviceInfoArguments.Parse(args, out var problem));
        Assert.Null(problem);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("--seconds", "5", "--help")]
    public void Asking_for_help_is_not_a_problem(params string[] args)
    {
        Assert.Null(DeviceInfoArguments.Parse(args, out var problem));
        Assert.Null(problem);
    }

    [Theory]
    [InlineData("--seconds needs a value.", "--seconds")]
    [InlineData("--seconds needs a value.", "--seconds", "--database", "a.db")]
    [InlineData("--seconds is '0', but it must be a whole number from 1 to 86400.", "--seconds", "0")]
    [InlineData("--seconds is '-5', but it must be a whole number from 1 to 86400.", "--seconds", "-5")]
    [InlineData("--seconds is '86401', but it must be a whole number from 1 to 86400.", "--seconds", "86401")]
    [InlineData("--seconds is '99999999999999', but it must be a whole number from 1 to 86400.", "--seconds", "99999999999999")]
    [InlineData("--seconds is '1.5', but it must be a whole number from 1 to 86400.", "--seconds", "1.5")]
    [InlineData("--seconds is 'ten', but it must be a whole number from 1 to 86400.", "--seconds", "ten")]
    [InlineData("--seconds is '', but it must be a whole number from 1 to 86400.", "--seconds=")]
    [InlineData("--seconds is given twice. Give it once.", "--seconds", "1", "--seconds", "2")]
    [InlineData("--database needs a value.", "--database")]
    [InlineData("--database is empty. Give the name of a file.", "--database", "")]
    [InlineData("'--second' is not an option. Did you mean --seconds?", "--second", "5")]
    [InlineData("'--Database' is not an option. Did you mean --database?", "--Database", "a.db")]
    [InlineData("'seconds' is not an option. Did you mean --seconds?", "seconds", "5")]
    [InlineData("'--verbose' is not an option.", "--verbose")]
    [InlineData("'a.db' is not an option.", "a.db")]
    [InlineData("'' is not an option.", "")]
    public void A_mistake_is_named_in_a_sentence(string sentence, params string[] args)
    {
        Assert.Null(DeviceInfoArguments.Parse(args, out var problem));
        Assert.Equal(sentence, problem);
    }
}
