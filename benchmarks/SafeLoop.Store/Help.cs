namespace SafeLoop.Store;

internal static class Help
{
    public const string Text = """
        Measures what a store costs. Each verb prints each of its runs and then the median.

          cpu        CPU per iteration of keyed loops due every 10 s: without a store, with SQLite, with PostgreSQL
                     --keys 1000000 --seconds 30 --runs 5
          ring       time and bytes per event that a store observes, against the same loop without a store
                     --iterations 1000000 --runs 21
          rows       bytes per row of the history on PostgreSQL, pages and server time of its queries
                     --rows 10000000 --repeats 200
          down       loops while PostgreSQL is down: lateness, memory, and what the history has afterwards
                     --seconds 600 --tasks 100 --every 100 (ms) --failing 100 (one of) --runs 5
          sigstop    the same while the processes of PostgreSQL are stopped by SIGSTOP
                     --seconds 20 --tasks 100 --every 100 --failing 100 --runs 5
          retention  lateness of loops while old rows are deleted, and without
                     --rows 5000000 --seconds 60 --tasks 100 --every 100 --runs 5
          start      start of a host: without a store, with PostgreSQL, with PostgreSQL down, with PostgreSQL stopped
                     --tasks 100 --runs 5

        PostgreSQL is started on a free port of the loopback, in a temporary folder, and ended by its id.
        """;
}
