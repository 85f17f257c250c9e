using CalicoConsole.Core.Operations;
using CalicoConsole.Tests;

namespace CalicoConsole.Adapters.Tests.Execution.Runner;

/// <summary>Every operation needs a permission, and the runner refuses whoever does not hold it at the moment of the change.</summary>
public sealed class RunnerPermissionTests
{
    private static readonly Dictionary<Permission, string[]> Needed = new()
    {
        [Permission.Operate] =
        [
            "Capture", "ChangeContainer", "ConnectTcp", "CreateContainer", "Diagnose", "Ping", "ReleaseEndpoint", "SetContainerMac", "SweepHelpers",
        ],
        [Permission.Network] =
        [
            "ApplyManifest", "AttachProfile", "CreateNetwork", "DeleteDisabledPolicy", "DeleteKept", "DeleteNetwork", "DeleteResource", "DeployCalicoNode",
                "DetachProfile", "DisablePolicy",
            "EnablePolicy", "JoinVms", "LoadHelperImage", "RebuildHandle", "ReleaseAddresses", "ReleaseAffinity", "RemoveCalicoNode", "RemoveKey",
                "ReorderPolicies", "SaveKept", "SetConfiguration", "SetIpamConfig", "SwapProfile",
            "WriteResource",
        ],
        [Permission.Administer] = ["PlayScene", "ResetSandbox"],
    };

    [Fact]
    public void EveryType_NeedsOnePermission_WhateverItsValues()
    {
        var declared = OperationSamples.All.GroupBy(o => o.GetType().Name).ToDictionary(g => g.Key, g => Assert.Single(g.Select(o => o.Permission).Distinct()));

        Assert.Equal(OperationSamples.Types.Select(t => t.Name).Order(StringComparer.Ordinal), declared.Keys.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(Permission.View, declared.Values);
        foreach (var (permission, types) in Needed)
        {
            Assert.Equal(types, declared.Where(d => d.Value == permission).Select(d => d.Key).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task EveryType_WithoutItsPermission_IsRefusedAndAudited_WithItIsRun()
    {
        var all = new Executor();
        var holds = new Holds();
        await using var stage = await RunnerStage.StartAsync(executor: all, permissions: holds);
        foreach (var operation in OperationSamples.All.DistinctBy(o => o.Name))
        {
            holds.Held = [.. Enum.GetValues<Permission>().Where(p => p != operation.Permission)];
            var refused = await stage.RunAsync(operation);

            Assert.Equal((OperationOutcome.Refused, 0), (refused.Outcome, all.Runs));
            Assert.Equal("permission", Assert.Single(refused.Plan.Errors).Field);
            Assert.Contains($"lacks the permission '{operation.Permission.ToString().ToLowerInvariant()}'", refused.Message, StringComparison.Ordinal);
            var entry = (await stage.EntriesAsync())[0];
            Assert.Equal((operation.Name, "refused"), (entry.Intent.Operation, entry.Outcome?.Outcome));

            holds.Held = [operation.Permission];
            Assert.Equal((OperationOutcome.Succeeded, 1), ((await stage.RunAsync(operation)).Outcome, all.Runs));
            all.Runs = 0;
        }
    }

    [Fact]
    public async Task Permissions_ThatCannotBeLookedUp_CountAsNone()
    {
        var holds = new Holds { Failure = new IOException("the store of roles is away") };
        await using var stage = await RunnerStage.StartAsync(permissions: holds);

        var result = await stage.RunAsync();

        Assert.Equal((OperationOutcome.Refused, 0), (result.Outcome, stage.Executions));
        Assert.Contains("could not be found out", result.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("roles", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Permissions_TakenWhileItWaitsForItsTurn_CountAtTheMomentOfTheChange()
    {
        var holds = new Holds { Held = [Permission.Operate] };
        await using var stage = await RunnerStage.StartAsync(permissions: holds);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stage.Execution = async (_, _) =>
        {
            begun.SetResult();
            await go.Task;
            return new ExecutionResult(OperationOutcome.Succeeded);
        };
        var first = stage.RunAsync();
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        var second = stage.RunAsync();

        holds.Held = [Permission.View];
        go.SetResult();

        Assert.Equal((OperationOutcome.Succeeded, OperationOutcome.Refused), ((await first).Outcome, (await second).Outcome));
        Assert.Equal(1, stage.Executions);
    }

    [Theory]
    [InlineData(OperationPermissions.Change, true, true)]
    [InlineData(OperationPermissions.Plan, true, false)]
    [InlineData(OperationPermissions.None, false, false)]
    public async Task EveryPermission_IsHeldByWhoeverMayChange(OperationPermissions may, bool view, bool change)
    {
        var context = new OperationContext("ann", "page", may);
        foreach (var permission in Enum.GetValues<Permission>())
        {
            Assert.Equal(permission == Permission.View ? view : change,
                await new EveryPermission().HoldsAsync(context, permission, TestContext.Current.CancellationToken));
        }
    }

    private sealed class Holds : IPermissionCheck
    {
        public Permission[] Held { get; set; } = [];

        public Exception? Failure { get; init; }

        public ValueTask<bool> HoldsAsync(OperationContext context, Permission permission, CancellationToken cancellationToken) =>
            Failure is null ? new(Held.Contains(permission)) : throw Failure;
    }

    private sealed class Executor : IOperationExecutor
    {
        public int Runs { get; set; }

        public bool Handles(Operation operation) => true;

        public Task<ExecutionResult> ExecuteAsync(Operation operation, PlannedOperation planned, IProgress<OperationProgress> progress,
            CancellationToken cancellationToken)
        {
            Runs++;
            return Task.FromResult(new ExecutionResult(OperationOutcome.Succeeded));
        }
    }
}
