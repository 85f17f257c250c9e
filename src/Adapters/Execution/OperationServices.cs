using CalicoConsole.Adapters.Execution.Intents;
using CalicoConsole.Adapters.Execution.Keys;
using CalicoConsole.Adapters.Execution.Runner;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Planning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CalicoConsole.Adapters.Execution;

/// <summary>Registers the one door for change.</summary>
public static class OperationServices
{
    /// <summary>
    /// Registers <see cref="IOperationRunner"/>, <see cref="IRunningOperations"/>, <see cref="KeyWritesExecutor"/> and the resolution of open intents at
    /// start-up. Needs the audit log, <c>IClusterState</c>, <c>IDatastore</c>, <c>IDockerHosts</c> and every <see cref="IOperationExecutor"/> registered beside
    /// it.
    /// </summary>
    public static IServiceCollection AddOperationRunner(this IServiceCollection services, OperationRunnerOptions? options = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IOperationPlanner, OperationPlanner>();
        services.TryAddSingleton<IPermissionCheck, EveryPermission>();
        services.AddSingleton(options ?? new OperationRunnerOptions());
        services.AddSingleton<KeyWritesExecutor>();
        services.AddSingleton<OperationRunner>();
        services.AddSingleton<IOperationRunner>(p => p.GetRequiredService<OperationRunner>());
        services.AddSingleton<IRunningOperations>(p => p.GetRequiredService<OperationRunner>());
        services.AddSingleton<AuditBacklog>();
        services.AddSingleton<OpenIntentResolver>();
        services.AddHostedService<OpenIntentService>();
        return services;
    }
}
