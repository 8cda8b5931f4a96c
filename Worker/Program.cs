using TshErp.Worker;

// serve (default) | migrate [--status|--dry-run]
return args.FirstOrDefault() switch
{
    "migrate" => await MigrateCommand.RunAsync(args[1..]),
    null or "serve" => await ServeCommand.RunAsync(args),
    { } other when other.StartsWith('-') => await ServeCommand.RunAsync(args),
    { } unknown => Usage(unknown),
};

static int Usage(string unknown)
{
    Console.Error.WriteLine($"Unknown command '{unknown}'. Use: serve | migrate [--status|--dry-run]");
    return 64;
}
