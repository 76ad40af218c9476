using SafeLoop.Tool;

Termination.Listen(endsInOrder: args is ["watch", ..] || args.Contains("--watch"));
return await CommandLine.RunAsync(args);
