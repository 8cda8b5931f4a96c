using TshErp.ZohoSimulator;

await ZohoSimulatorApp.Build(args).RunAsync();
