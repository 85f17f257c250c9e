using CalicoConsole.Adapters.Audit;
using CalicoConsole.Adapters.Bgp;
using CalicoConsole.Adapters.Captures;
using CalicoConsole.Adapters.Datastore;
using CalicoConsole.Adapters.Datastore.V1;
using CalicoConsole.Adapters.Diagnostics;
using CalicoConsole.Adapters.Docker;
using CalicoConsole.Adapters.Etcd;
using CalicoConsole.Adapters.Execution;
using CalicoConsole.Adapters.Execution.Docker;
using CalicoConsole.Adapters.Execution.Keys;
using CalicoConsole.Adapters.Execution.Runner;
using CalicoConsole.Adapters.Feeds;
using CalicoConsole.Adapters.Scenes;
using CalicoConsole.Core.Captures;
using CalicoConsole.Core.Counters;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Helpers;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Reconciliation;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Sandbox;
using CalicoConsole.Web.Areas.Scenes;
using CalicoConsole.Web.Live;

namespace CalicoConsole.Web.Hosting;

/// <summary>Registers what stands behind the console: etcd, Docker hosts, feeds, the one door for change.</summary>
internal static class ClusterServices
{
    public static void AddClusterServices(this IServiceCollection services, ConsoleSettings settings)
    {
        if (settings.Etcd is { } etcd)
        {
            services.AddLiveCluster(etcd);
        }
        else
        {
            services.AddSandbox();
        }

        services.AddSingleton<IDatastore>(p => new RoutedDatastore(
            new EtcdV2Datastore(p.GetRequiredService<IEtcdKeys>(), p.GetRequiredService<TimeProvider>()), p.GetRequiredService<KeptStore>()));
        services.AddSingleton<IBgpSessions>(p => new BirdSessions(p.GetRequiredService<IDockerHosts>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ClusterState>();
        services.AddSingleton<IClusterState>(p => p.GetRequiredService<ClusterState>());
        services.AddSingleton<ReachabilityModels>();
        services.AddSingleton<Core.Reachability.IReachabilityModels>(p => p.GetRequiredService<ReachabilityModels>());
        services.AddSingleton<FailedStarts>();
        services.AddOperationRunner();
        foreach (var executor in new[] { typeof(DatastoreExecutor), typeof(ManifestExecutor), typeof(CalicoNodeExecutor), typeof(NetworkExecutor),
            typeof(ContainerExecutor), typeof(ReleaseEndpointExecutor), typeof(PingExecutor), typeof(ConnectExecutor), typeof(SetMacExecutor),
            typeof(DiagnoseExecutor), typeof(CaptureExecutor), typeof(LoadHelperExecutor), typeof(SweepHelpersExecutor) })
        {
            services.AddSingleton(typeof(IOperationExecutor), executor);
        }

        services.AddSingleton<IOperationExecutor>(p => new SceneExecutor(
            p.GetRequiredService<IDockerHosts>(), p.GetRequiredService<KeyWritesExecutor>(), p.GetRequiredService<IClusterState>(), settings.OffersScenes));
        services.AddSingleton(p => new SceneHistory(p.GetRequiredService<IAuditLog>(), p.GetService<SandboxCluster>()));
        services.AddSingleton(settings.Helper);
        services.AddSingleton(p => new HelperContainers(() => p.GetRequiredService<ConsoleDatabase>().Instance, Guid.NewGuid().ToString("N")));
        services.AddSingleton<IPacketDecoder, PacketDecoder>();
        services.AddHostedService<HelperSweeper>();
        services.AddHostedService(p => p.GetRequiredService<IpamState>());
        services.AddHostedService(p => p.GetRequiredService<ProblemState>());
        services.AddHostedService(p => p.GetRequiredService<SeriesRecorder>());
        services.AddSingleton<IRuleCounterReader, RuleCounterReader>();
        services.AddSingleton<ILegReader, LegReader>();
        services.AddHostedService(p => p.GetRequiredService<RuleCounterSampler>());
        services.AddSingleton<AuditFeed>();
        services.AddHostedService<AttachmentKeeper>();
        services.AddHostedService(Feeds);
    }

    private static void AddLiveCluster(this IServiceCollection services, EtcdSettings etcd)
    {
        var options = EtcdSettingsReader.Options(etcd);
        services.AddSingleton<IEtcdKeys>(p => new EtcdKeysClient(options, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IEtcdCluster>(p => new EtcdCluster(options, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<DockerHostFactory>();
        services.AddSingleton<IDockerHosts, DockerHosts>();
    }

    private static void AddSandbox(this IServiceCollection services)
    {
        services.AddSingleton(p => new SandboxCluster(p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ISandboxControl>(p => p.GetRequiredService<SandboxCluster>());
        services.AddSingleton(p => p.GetRequiredService<SandboxCluster>().Keys);
        services.AddSingleton(p => p.GetRequiredService<SandboxCluster>().EtcdCluster);
        services.AddSingleton(p => p.GetRequiredService<SandboxCluster>().Hosts);
        services.AddSingleton<IOperationExecutor, SandboxExecutor>();
        services.AddHostedService<SandboxStart>();
    }

    private static FeedSupervisor Feeds(IServiceProvider p)
    {
        var (state, time) = (p.GetRequiredService<ClusterState>(), p.GetRequiredService<TimeProvider>());
        var stored = new StoredNetworks();
        DockerHostFeed[] hosts = [.. p.GetRequiredService<IDockerHosts>()
            .All.Select(h => new DockerHostFeed(h, state, time, stored, p.GetRequiredService<FailedStarts>()))];
        IFeed[] feeds =
        [
            new DatastoreFeed(p.GetRequiredService<IDatastore>(), state),
            new EtcdClusterFeed(p.GetRequiredService<IEtcdCluster>(), state, time),
            new NetworkStoreFeed(new EtcdV2Datastore(p.GetRequiredService<IEtcdKeys>(), time, NetworkStoreFeed.Root), hosts, stored),
            .. hosts,
            p.GetRequiredService<AuditFeed>(),
            new KeptFeed(p.GetRequiredService<KeptStore>(), state),
        ];
        return new FeedSupervisor(state, feeds, time, p.GetRequiredService<ILogger<FeedSupervisor>>());
    }
}
