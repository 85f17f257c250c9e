using CalicoConsole.Adapters.Datastore.V1;
using CalicoConsole.Adapters.Etcd;
using CalicoConsole.Adapters.Execution.Keys;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Addresses;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.NodeEmulation.Ipam;
using CalicoConsole.Tests;

namespace CalicoConsole.Adapters.Tests.Execution.Keys;

/// <summary>Repairs of IPAM on a real etcd whose addresses the plugin's own allocator assigned.</summary>
[NeedsPrograms]
public sealed class IpamOperationsTests : IAsyncLifetime
{
    private static readonly Cidr Pool = Cidr.Parse("10.60.0.0/24");

    private EtcdServer _server = null!;
    private EtcdKeysClient _keys = null!;
    private EtcdV2Datastore _datastore = null!;
    private IpamClient _ipam = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await EtcdServer.StartAsync(cancellationToken: Cancel);
        _keys = new EtcdKeysClient(new EtcdOptions { Endpoints = [_server.Endpoint] }, TimeProvider.System);
        _datastore = new EtcdV2Datastore(_keys, TimeProvider.System);
        _ipam = new IpamClient(_keys);
        await PutAsync(V1Keys.Pool(Pool), IPPoolCodec.Encode(new IPPool { Cidr = Pool }));
        await PutAsync(V1Keys.Node("n1", NodePart.Metadata), "{}"u8.ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        _keys.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Release_OfALeak_IsDoneAndTheAddressIsAssignedAgainLast()
    {
        var address = (await TakeAsync(1))[0];
        Assert.Equal(address, Assert.Single((await IndexAsync()).Findings).Address);

        var result = await RunAsync(new ReleaseAddresses([address]));

        Assert.Equal(OperationOutcome.Succeeded, result.Outcome);
        Assert.Empty((await IndexAsync()).Findings);
        Assert.Equal(address, (await TakeAsync(64))[^1]);
    }

    [Fact]
    public async Task Release_OfAHandlesAddresses_LeavesTheHandleEqualToTheBlocks()
    {
        var owner = new IpamAttribute("k8s.pod", null);
        var addresses = await _ipam.AutoAssignAsync(new AutoAssignRequest("n1", 3, false) { Owner = owner }, Cancel);

        Assert.Equal(OperationOutcome.Succeeded, (await RunAsync(new ReleaseAddresses([addresses[0], addresses[2]]))).Outcome);

        Assert.Equal("""{"block":{"10.60.0.0/26":1}}""".Replace("10.60.0.0/26", BlockArithmetic.BlockOf(addresses[1]).ToString(), StringComparison.Ordinal), (await _datastore.ReadAsync(V1Keys.IpamHandle("k8s.pod"), Cancel))!.Text);
        Assert.Equal(OperationOutcome.Succeeded, (await RunAsync(new ReleaseAddresses([addresses[1]]))).Outcome);
        Assert.Null(await _datastore.ReadAsync(V1Keys.IpamHandle("k8s.pod"), Cancel));
        Assert.Empty((await IndexAsync()).Findings);
    }

    [Fact]
    public async Task Release_WhileTheBlockChanges_IsAConflictAndChangesNothing()
    {
        var owner = new IpamAttribute("h", null);
        var addresses = await _ipam.AutoAssignAsync(new AutoAssignRequest("n1", 2, false) { Owner = owner }, Cancel);
        var planned = await PlanAsync(new ReleaseAddresses([addresses[0]]));
        await TakeAsync(1);
        var before = await AllAsync();

        var result = await ExecuteAsync(planned);

        Assert.Equal(OperationOutcome.Conflict, result.Outcome);
        Assert.Contains(V1Keys.IpamBlock(BlockArithmetic.BlockOf(addresses[0])), result.Message, StringComparison.Ordinal);
        Assert.Equal(before, await AllAsync());
    }

    [Fact]
    public async Task Handle_WhoseKeyIsGone_IsRebuiltSoThatAnyReleaserWorksAgain()
    {
        var addresses = await _ipam.AutoAssignAsync(new AutoAssignRequest("n1", 2, false) { Owner = new IpamAttribute("h", null) }, Cancel);
        await _keys.DeleteAsync(V1Keys.IpamHandle("h"), EtcdDeletion.Key, EtcdCondition.None, Cancel);
        Assert.Contains((await IndexAsync()).Findings, f => f.Kind == IpamFindingKind.HandleMissing);

        Assert.Equal(OperationOutcome.Succeeded, (await RunAsync(new RebuildHandle("h"))).Outcome);

        Assert.Equal(OperationOutcome.Unchanged, (await RunAsync(new RebuildHandle("h"))).Outcome);
        Assert.Empty(await _ipam.ReleaseAsync(addresses, Cancel));
        Assert.Empty((await IndexAsync()).Findings);
    }

    [Fact]
    public async Task Handle_WhileItsBlockChanges_IsAConflictBeforeAnythingIsWritten()
    {
        await _ipam.AutoAssignAsync(new AutoAssignRequest("n1", 2, false) { Owner = new IpamAttribute("h", null) }, Cancel);
        await _keys.DeleteAsync(V1Keys.IpamHandle("h"), EtcdDeletion.Key, EtcdCondition.None, Cancel);
        var planned = await PlanAsync(new RebuildHandle("h"));
        await TakeAsync(1);

        Assert.Equal(OperationOutcome.Conflict, (await ExecuteAsync(planned)).Outcome);
        Assert.Null(await _datastore.ReadAsync(V1Keys.IpamHandle("h"), Cancel));
    }

    [Fact]
    public async Task Affinity_Released_LetsAnotherNodeClaimTheEmptyBlockAndBorrowFromTheOther()
    {
        var first = (await TakeAsync(1))[0];
        var cidr = BlockArithmetic.BlockOf(first);
        Assert.Equal(OperationOutcome.Succeeded, (await RunAsync(new ReleaseAffinity("n1", cidr))).Outcome);
        Assert.Contains("\"affinity\":null", (await _datastore.ReadAsync(V1Keys.IpamBlock(cidr), Cancel))!.Text, StringComparison.Ordinal);
        Assert.Null(await _datastore.ReadAsync(V1Keys.IpamAffinity("n1", cidr), Cancel));

        // Without an owner the block goes with its last address, and then anybody may have it.
        Assert.Equal(OperationOutcome.Succeeded, (await RunAsync(new ReleaseAddresses([first]))).Outcome);
        Assert.Null(await _datastore.ReadAsync(V1Keys.IpamBlock(cidr), Cancel));
        await _ipam.AssignAsync(first, "n2", null, Cancel);
        Assert.Equal("n2", (await IndexAsync()).BlockOf(first)!.Value.AffineNode);
    }

    [Fact]
    public async Task Config_IsSetOnlyWithoutBlocks()
    {
        Assert.Equal(OperationOutcome.Succeeded, (await RunAsync(new SetIpamConfig(new IpamConfig(true, true)))).Outcome);
        await TakeAsync(1);

        Assert.Contains("strict_affinity", (await _datastore.ReadAsync(V1Keys.IpamConfig, Cancel))!.Text, StringComparison.Ordinal);
        Assert.True((await IndexAsync()).Snapshot.Calico.Blocks.Values.Single().Value.StrictAffinity);
        Assert.NotEmpty(new OperationPlanner().Plan(new SetIpamConfig(IpamConfig.Default), await SnapshotAsync()).Plan.Errors);
    }

    private Task<ImmutableArray<Ip>> TakeAsync(int count) => _ipam.AutoAssignAsync(new AutoAssignRequest("n1", count, false), Cancel);

    private async Task PutAsync(string key, byte[] value) => await _keys.PutAsync(key, value, EtcdCondition.None, null, Cancel);

    private async Task<string[]> AllAsync() => [.. (await _datastore.ReadAllAsync("/calico", Cancel)).Select(k => $"{k.Key} {k.Revision} {k.Text}")];

    private async Task<ClusterSnapshot> SnapshotAsync()
    {
        var keys = await _datastore.ReadAllAsync("/calico", Cancel);
        return new ClusterSnapshot { Calico = CalicoStateUpdate.FromListing(keys, keys.Max(k => k.Revision)) };
    }

    private async Task<IpamIndex> IndexAsync() => IpamIndex.From(await SnapshotAsync(), DateTimeOffset.UnixEpoch);

    private async Task<PlannedOperation> PlanAsync(Operation operation)
    {
        var planned = new OperationPlanner().Plan(operation, await SnapshotAsync());
        Assert.Empty(planned.Plan.Errors);
        return planned;
    }

    private async Task<ExecutionResult> RunAsync(Operation operation) => await ExecuteAsync(await PlanAsync(operation), operation);

    private async Task<ExecutionResult> ExecuteAsync(PlannedOperation planned, Operation? operation = null)
    {
        var executor = new DatastoreExecutor(new KeyWritesExecutor(_datastore));
        Assert.True(executor.Handles(operation ?? new ReleaseAddresses([])));
        return await executor.ExecuteAsync(operation ?? new ReleaseAddresses([]), planned, new Steps(), Cancel);
    }
}
