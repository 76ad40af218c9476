return await SafeLoop.Tool.CommandLine.RunAsync(args);
