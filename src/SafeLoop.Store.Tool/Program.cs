using SafeLoop.Store.Tool;

Termination.Listen(endsInOrder: args.Contains("--watch"));
return await StoreCommandLine.RunAsync(args, Environment.GetEnvironmentVariable, TimeProvider.System, Termination.Token);
