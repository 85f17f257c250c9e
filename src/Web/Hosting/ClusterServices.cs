using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Hosting;

/// <summary>Registers what stands behind the console: feeds, operations, audit.</summary>
internal static class ClusterServices
{
    public static void AddClusterServices(this IServiceCollection services, ConsoleSettings settings)
    {
        _ = settings;
        var nothing = new NothingConfigured();
        services.AddSingleton<IClusterState>(nothing);
        services.AddSingleton<IOperationRunner>(nothing);
        services.AddSingleton<IRunningOperations>(nothing);
        services.AddSingleton<IAuditLog>(nothing);
    }
}
