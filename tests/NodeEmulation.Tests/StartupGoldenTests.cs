using System.Text.RegularExpressions;
using CalicoConsole.Core.Model;
using CalicoConsole.NodeEmulation.Startup;
using CalicoConsole.Sandbox;

namespace CalicoConsole.NodeEmulation.Tests;

public sealed partial class StartupGoldenTests
{
    private const string Guid = "/calico/v1/config/ClusterGUID";

    public static IEnumerable<TheoryDataRow<string, string>> Runs => GoldenStep.With("su NODENAME=", "node-startup");

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task Startup_RecordedRun_WritesTheSameAndEndsTheSame(string section, string name)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var step = GoldenStep.Read(section, name);
        using var keys = new InMemoryEtcdKeys(TimeProvider.System);
        await step.LoadAsync(keys, cancellation);
        var log = new ListLog();
        var environment = Regex.Match(step.Command, "su ([^;]*)").Groups[1].Value.Split(' ').Select(v => v.Split('=', 2)).ToDictionary(v => v[0], v => v[1]);

        var result = await new NodeStartup(keys, new OneHost(step.Command.Contains("addr add 10.244.0.12", StringComparison.Ordinal)), log,
            TimeProvider.System, true)
            .RunAsync(environment, "os-name", cancellation);

        Assert.Equal(step.ExitCode, result.ExitCode);
        Assert.Equal(environment["NODENAME"], result.NodeName);
        var after = await GoldenStep.DumpAsync(keys, cancellation);
        var expected = step.After();
        if (step.Set.ContainsKey(Guid))
        {
            Assert.Matches("^[0-9a-f]{32}$", after[Guid]);
            expected[Guid] = after[Guid];
        }

        Assert.Equal(expected, after);
        foreach (var line in Sentences(step.Output))
        {
            Assert.Contains(log.Lines, l => l.Text == line);
        }
    }

    // The lines that say something of the node; where Go's own formatting went wrong (%d and the like), or that name etcd's client, are left out.
    private static IEnumerable<string> Sentences(string output) => output.Split('\n')
        .Select(l => Line().Match(l)).Where(m => m.Success).Select(m => m.Groups[1].Value)
        .Where(t => !t.Contains('%', StringComparison.Ordinal) && !t.StartsWith("Loading config", StringComparison.Ordinal)
            && !t.StartsWith("Error enumerating", StringComparison.Ordinal) && !t.StartsWith("Returning configured", StringComparison.Ordinal)
            && !t.StartsWith("Assigned cluster GUID", StringComparison.Ordinal));

    [GeneratedRegex(@"^\S+ \S+ \[(?:INFO|WARNING)\]\[\d+\] \S+ \d+: (.*)$")]
    private static partial Regex Line();

    private sealed class OneHost(bool second) : IHostInterfaces
    {
        public Task<ImmutableArray<HostInterface>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<ImmutableArray<HostInterface>>(
        [
            new("lo", [Cidr.Parse("127.0.0.1/8")]),
            new("eth0", second ? [Cidr.Parse("10.244.0.11/24"), Cidr.Parse("10.244.0.12/24")] : [Cidr.Parse("10.244.0.11/24")]),
            new("docker0", [Cidr.Parse("172.17.0.1/16")]),
        ]);

        public Task<Ip?> SourceTowardsAsync(string destination, CancellationToken cancellationToken) => Task.FromResult<Ip?>(Ip.Parse("10.244.0.11"));
    }
}
