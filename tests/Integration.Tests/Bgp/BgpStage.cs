using System.Collections.Immutable;
using System.Diagnostics;
using CalicoConsole.Adapters.Bgp;
using CalicoConsole.Adapters.Docker;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Integration.Tests.Bgp;

/// <summary>What the tests on two hosts have in common: containers on either host, pings between them, routes and sessions.</summary>
public abstract class BgpStage(LabFixture lab) : IDockerHosts, IDisposable
{
    protected const string First = "docker01";
    protected const string Second = "docker02";
    private readonly Lazy<DockerHost[]> _hosts = new(() => [Open(First, lab.Docker01), Open(Second, lab.Docker02)]);

    public ImmutableArray<IDockerHost> All => [.. _hosts.Value];

    protected LabFixture Lab => lab;

    protected IBgpSessions Sessions => new BirdSessions(this, TimeProvider.System);

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public bool TryGet(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IDockerHost? host)
    {
        host = _hosts.Value.FirstOrDefault(h => h.Name == name);
        return host is not null;
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        foreach (var host in _hosts.IsValueCreated ? _hosts.Value : [])
        {
            host.Dispose();
        }
    }

    /// <summary>A fresh cluster: calico-node on both hosts and the network my_net.</summary>
    protected async Task DeployAsync()
    {
        await lab.DeployAsync();
        await NetworkAsync("my_net", "192.0.2.0/24");
    }

    protected Task NetworkAsync(string name, string subnet) => lab.NetworkAsync(name, subnet);

    protected Task ContainerAsync(string host, string name, string network, string address) => lab.ContainerAsync(host, name, network, address);

    protected Task PingsAsync(string host, string from, string to) => lab.PingsAsync(host, from, to);

    protected Task RefusedAsync(string host, string from, string to) => lab.RefusedAsync(host, from, to);

    protected Task RouteAsync(string host, string route) => RoutesAsync(host, routes => routes.Contains(route, StringComparison.Ordinal));

    protected Task NoRouteAsync(string host, string route) => RoutesAsync(host, routes => !routes.Contains(route, StringComparison.Ordinal));

    /// <summary>Sessions of a host once they are as wanted, as sorted lines of peer, type, state and info (BIRD's order is that of their making).</summary>
    protected Task<string> SessionsAsync(string host, params string[] wanted) => LabFixture.UntilAsync(
        async () => Lines(await Sessions.ReadAsync(host, Cancel)), lines => lines == string.Join('\n', wanted));

    /// <summary>Runs something and prints how long it took.</summary>
    protected static async Task<TimeSpan> TimedAsync(string what, Func<Task> run)
    {
        var watch = Stopwatch.StartNew();
        await run();
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {watch.Elapsed.TotalSeconds:0.0} s");
        return watch.Elapsed;
    }

    private static string Lines(BgpStatus status) =>
        status.IPv4.Problem ?? string.Join('\n', status.IPv4.Sessions.Select(s => $"{s.Peer} {s.Type.Words()} {s.State} {s.Info}")
            .Order(StringComparer.Ordinal));

    private static DockerHost Open(string name, Uri endpoint) =>
        new DockerHostFactory(TimeProvider.System).Create(new DockerHostOptions { Name = name, Endpoint = endpoint.OriginalString });

    private Task<string> RoutesAsync(string host, Func<string, bool> right) =>
        LabFixture.UntilAsync(async () => (await lab.RunOn(host, "ip", "route")).Demand().Output, right);
}
