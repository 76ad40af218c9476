using SafeLoop.EntityFrameworkCore.Tests.Crash;

// Run by hand it is a program; run by dotnet test it is the tests.
switch (args)
{
    case ["crash", .. var campaign]:
        return await CrashProgram.RunAsync(campaign);
    case ["worker", .. var place]:
        await KilledWorker.RunAsync(place);
        return 0;
    default:
        return 2;
}
