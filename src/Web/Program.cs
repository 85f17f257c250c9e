using CalicoConsole.Web.Hosting;

return await ConsoleHost.RunAsync(args);

/// <summary>The entry point, visible to test hosts.</summary>
public partial class Program;
