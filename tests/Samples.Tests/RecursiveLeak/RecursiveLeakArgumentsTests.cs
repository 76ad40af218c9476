using RecursiveLeak;

namespace Samples.Tests.RecursiveLeak;

public sealed class RecursiveLeakArgumentsTests
{
    [Fact]
    public void Without_options_it_runs_the_number_of_iterations_in_the_story()
    {
        Assert.Equal(new RecursiveLeakOptions(390_285, "recursive-leak.png"), RecursiveLeakArguments.Parse([], out var problem));
        Assert.Null(problem);
    }

    [Fact]
    public void Iterations_and_output_can_be_chosen()
    {
        Assert.Equal(
            new RecursiveLeakOptions(10, "curves.PNG"),
            RecursiveLeakArguments.Parse(["--iterations", "10", "--output", "curves.PNG"], out var problem));
        Assert.Null(problem);
    }

    [Fact]
    public void It_can_hold_where_all_iterations_are_alive()
    {
        Assert.Equal(new RecursiveLeakOptions(390_285, "recursive-leak.png", Hold: true),
            RecursiveLeakArguments.Parse(["--hold"], out var problem));
        Assert.Null(problem);
    }

    [Theory]
    [InlineData("--iterations is '0', but it must be a whole number from 1 to 5000000.", "--iterations", "0")]
    [InlineData("--iterations is '5000001', but it must be a whole number from 1 to 5000000.", "--iterations", "5000001")]
    [InlineData("--output is 'a.jpg', but the picture is a PNG. Give a file name that ends in .png.", "--output", "a.jpg")]
    [InlineData("'--iteration' is not an option. Did you mean --iterations?", "--iteration", "5")]
    public void A_mistake_is_named_in_a_sentence(string sentence, params string[] args)
    {
        Assert.Null(RecursiveLeakArguments.Parse(args, out var problem));
        Assert.Equal(sentence, problem);
    }

    [Fact]
    public void A_picture_in_a_missing_directory_is_refused_before_the_work_is_done()
    {
        Assert.Null(RecursiveLeakArguments.Parse(["--output", Path.Combine("missing", "a.png")], out var problem));
        Assert.EndsWith("does not exist. Create it first.", problem);
    }
}
