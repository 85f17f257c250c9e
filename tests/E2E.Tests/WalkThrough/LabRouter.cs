using System.Diagnostics;
using CalicoConsole.Tests;

namespace CalicoConsole.E2E.Tests.WalkThrough;

/// <summary>
/// The router of the rack: a BIRD of its own at the lab's gateway, which peers with both hosts and hands the routes of the one to the other
/// (a route reflector, as clusters have it that turn the node-to-node mesh off). Disposing ends it.
/// </summary>
internal sealed class LabRouter : IAsyncDisposable
{
    /// <summary>Its address.</summary>
    public const string Address = "192.168.122.1";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cc-router-");
    private readonly Process _process;

    /// <summary>Starts it.</summary>
    /// <param name="lab">The lab whose gateway it is to run at.</param>
    /// <param name="asNumber">The AS number of the cluster and of the router.</param>
    public LabRouter(LabCluster lab, string asNumber)
    {
        var configuration = Path.Combine(_folder.FullName, "bird.conf");
        File.WriteAllText(configuration, $$"""
            router id {{Address}};
            protocol device { scan time 2; }
            protocol direct { interface "br0"; }
            template bgp host {
              local {{Address}} as {{asNumber}};
              rr client;
              import all;
              export all;
              hold time 9;
              error wait time 1, 4;
              connect retry time 2;
            }
            protocol bgp docker01 from host { neighbor 192.168.122.45 as {{asNumber}}; }
            protocol bgp docker02 from host { neighbor 192.168.122.46 as {{asNumber}}; }

            """);
        _process = Process.Start(new ProcessStartInfo("ip",
            ["netns", "exec", $"cc-{lab.Id}-net", "bird", "-f", "-c", configuration, "-s", Path.Combine(_folder.FullName, "bird.ctl")]))!;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
