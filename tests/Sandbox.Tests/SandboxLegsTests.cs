using CalicoConsole.Adapters.Diagnostics;
using CalicoConsole.Core.Diagnostics.Causes;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations.Addresses;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Reconciliation;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Sandbox.Tests;

/// <summary>The five legs over the sandbox, read as the console reads them: nothing is wrong at first, and then exactly what was taken away.</summary>
public sealed class SandboxLegsTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Seed_WhatItLeftBehindOnPurposeIsNamed_AndTheRepairsMendIt()
    {
        await using var stage = await SandboxStage.StartAsync();

        var readings = await ReadAsync(stage);

        Assert.Equal(["docker01", "docker02"], readings.Hosts.Where(h => h.Value.Value is not null).Select(h => h.Key));
        Assert.Equal("calico-node does not run there", readings.Hosts["docker03"].Missing);
        Assert.NotEmpty(readings.Store.Value!.Endpoints);
        var rows = Rows(stage.State.Current, readings);
        Assert.Equal(
            ["10.10.1.50 Endpoint Missing ReleaseAddress", "10.20.2.40 Docker Missing DeleteEndpoint"],
            rows.Where(r => r.IsFaulty).Select(r => $"{r.Addresses[0]} {string.Join(", ", r.Legs.Where(l => l.View.IsFault)
                .Select(l => $"{l.Leg} {l.View.State} {l.View.Mend!.GetType().Name}"))}").Order());
        var web = rows.Single(r => r.Name == "web1");
        Assert.All(web.Legs, l => Assert.True(l.View.State == LegState.There, $"{l.Leg}: {l.View.Text}"));
        Assert.Contains(rows, r => r.Docker is { State: LegState.DoesNotApply, Text: "a virtual machine has no Docker endpoint" });

        await MendAsync(stage, rows);

        Assert.All(Rows(stage.State.Current, await ReadAsync(stage)), r => Assert.False(r.IsFaulty, $"{r.Name}: {r.Sentence}"));
    }

    [Theory]
    [InlineData("Docker", "no container on docker01 has the endpoint")]
    [InlineData("Endpoint", "web1 has no workload endpoint")]
    [InlineData("Address", "is not allocated in IPAM")]
    [InlineData("Profile", "the profile frontend does not exist")]
    public async Task OneLegTakenAway_IsTheOneThatIsNamed(string leg, string words)
    {
        await using var stage = await SandboxStage.StartAsync();
        await MendAsync(stage, Rows(stage.State.Current, await ReadAsync(stage)));
        var readings = await ReadAsync(stage);
        var snapshot = stage.State.Current;
        var web = snapshot.Views.Containers.Values.Single(c => c.Container.Name == "web1");
        var endpoint = web.Endpoints.Select(e => e.Endpoint!.Value).Single();
        var address = endpoint.IPv4Nets[0].Address;
        switch (leg)
        {
            case "Docker":
                // Without its plugin the engine gives up on the endpoint, and leaves it behind.
                await stage.Host("docker01").RemoveAsync("calico-node", force: true, Cancelled);
                await stage.Host("docker01").RemoveAsync("web1", force: true, Cancelled);
                await stage.UntilAsync(s => s.Views.Containers.Values.All(c => c.Container.Name != "web1"), "web1 is gone");
                break;
            case "Endpoint":
                await DeleteAsync(stage, V1Keys.WorkloadEndpoint(endpoint.Id));
                await stage.UntilAsync(s => s.Calico.Find(endpoint.Id) is null, "its endpoint is gone");
                break;
            case "Address":
                var block = snapshot.Calico.Blocks[BlockArithmetic.BlockOf(address)];
                await stage.Cluster.Keys.PutAsync(block.Keys[0].Key, IpamBlockCodec.Encode(BlockArithmetic.Release(block.Value, [address]).Block),
                    EtcdCondition.None, null, Cancelled);
                await stage.UntilAsync(s => s.Calico.Blocks[block.Value.Cidr].Revision > block.Revision, "its address is free");
                break;
            default:
                foreach (var part in (string[])["tags", "labels", "rules"])
                {
                    await DeleteAsync(stage, $"{V1Keys.Profile("frontend")}/{part}");
                }

                await stage.UntilAsync(s => !s.Calico.Profiles.ContainsKey("frontend"), "its profile is gone");
                break;
        }

        // A node that is gone is asked again: it says so, and what it does not say is not held against anybody.
        var rows = Rows(stage.State.Current, leg == "Docker" ? await ReadAsync(stage) : readings);

        var faulty = rows.Where(r => r.IsFaulty).ToArray();
        var row = Assert.Single(faulty, r => r.Addresses.Contains(address));
        var (which, view) = Assert.Single(row.Legs, l => l.View.IsFault);
        Assert.Equal((leg, LegState.Missing), (which.ToString(), view.State));
        Assert.Contains(words, view.Text, StringComparison.Ordinal);
        // Its neighbours name the same profile; nobody else lost anything.
        Assert.All(faulty, r => Assert.Equal(view.Text == row.Profile.Text ? "Profile" : leg, r.Legs.Single(l => l.View.IsFault).Leg.ToString()));
        Assert.True(leg == "Profile" || faulty.Length == 1, string.Join("; ", faulty.Select(r => r.Sentence)));
    }

    // An endpoint's address is free to be released once the endpoint is gone.
    private static async Task MendAsync(SandboxStage stage, ImmutableArray<WorkloadLegs> rows)
    {
        foreach (var id in rows.Select(r => r.Docker.Mend).OfType<CauseMend.DeleteEndpoint>().Select(m => m.Id))
        {
            await stage.RunAsync(new DeleteResource(ResourceId.From(id)));
        }

        await stage.RunAsync(new ReleaseAddresses([.. rows.Where(r => r.IsFaulty).SelectMany(r => r.Addresses)]));
    }

    private static Task<LegReadings> ReadAsync(SandboxStage stage) =>
        new LegReader(stage.Cluster.Hosts, stage.Cluster.Keys, TimeProvider.System).ReadAsync(stage.State.Current, Cancelled);

    // Later than any leak takes to be confirmed.
    private static ImmutableArray<WorkloadLegs> Rows(ClusterSnapshot snapshot, LegReadings readings)
    {
        var first = IpamIndex.From(snapshot, DateTimeOffset.UnixEpoch);
        return Reconciler.Rows(snapshot, first.Next(snapshot, [], [], DateTimeOffset.UnixEpoch + IpamIndex.ConfirmAfter), readings);
    }

    private static async Task DeleteAsync(SandboxStage stage, string key)
    {
        try
        {
            await stage.Cluster.Keys.DeleteAsync(key, default, EtcdCondition.None, Cancelled);
        }
        catch (EtcdException e) when (e.ErrorCode == EtcdException.KeyNotFound)
        {
            // A profile has three keys, of which it may lack some.
        }
    }
}
