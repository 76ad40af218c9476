using SafeLoop.Tool;

Termination.Listen(endsInOrder: args is ["watch", ..]);
return await CommandLine.RunAsync(args);
