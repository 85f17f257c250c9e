using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Model;
using CalicoConsole.Web.Kit.Lists;

namespace CalicoConsole.Web.Tests.Kit.Lists;

public sealed class BulkRunTests
{
    private static readonly OperationContext Ann = new("ann", "page", OperationPermissions.Change);

    private static readonly ListAction<string> Stop = new("stop", "Stop", r => new ChangeContainer("h", r, ContainerAction.Stop))
    {
        Skip = r => r.StartsWith("idle", StringComparison.Ordinal) ? "it is exited" : null,
    };

    private readonly RecordingRunner _runner = new()
    {
        PlanOf = o => Container(o) == "guarded" ? new Plan { Errors = [new FieldError("x", "it is calico-node")] }
            : new Plan { Consequences = ["Addresses are released.", $"{Container(o)} ends."] },
    };

    [Fact]
    public void Weigh_TellsWhatWillBeDone_SkippedAndRefused_AndRunsNothing()
    {
        var run = Weigh("one", "idle", "guarded", "two");
        Assert.Equal(["Waiting", "Skipped it is exited", "Refused it is calico-node", "Waiting"], run.Items.Select(i => $"{i.State} {i.Reason}".Trim()));
        Assert.Equal([("Addresses are released.", 2), ("one ends.", 1), ("two ends.", 1)], run.Consequences);
        Assert.Equal("2 will be done, 1 skipped, 1 refused", BulkWords.Before(run));
        Assert.Equal(["container one on h", "container idle on h", "container guarded on h", "container two on h"], run.Items.Select(i => i.Name));
        Assert.Empty(_runner.Ran);
    }

    [Fact]
    public async Task Run_DoesOneAfterTheOther_AndSaysOfEachHowItEnded()
    {
        _runner.ResultOf = o => Container(o) == "one" ? Ended(OperationOutcome.Failed, "the engine said no") : Ended(OperationOutcome.Succeeded, null);
        var run = Weigh("one", "idle", "two");
        var told = 0;
        await run.RunAsync(_runner, Ann, () => told++, CancellationToken.None);

        Assert.Equal(["one", "two"], _runner.Ran.Select(r => Container(r.Operation)));
        Assert.All(_runner.Ran, r => Assert.Equal(Ann, r.Context));
        Assert.Equal([("failed", "the engine said no"), ("skipped", "it is exited"), ("done", null)],
            run.Items.Select(i => (BulkWords.For(i).Words, i.Reason)));
        Assert.Equal("1 done, 1 not done, 1 skipped", BulkWords.After(run));
        Assert.True(run.Ended);
        Assert.True(told >= 3, $"told {told} times");
    }

    [Fact]
    public async Task Run_WhatTheRunnerRefuses_IsRefused()
    {
        _runner.ResultOf = _ => Ended(OperationOutcome.Refused, "ann lacks the permission 'operate'");
        var run = Weigh("one");
        await run.RunAsync(_runner, Ann, () => { }, CancellationToken.None);
        Assert.Equal((BulkState.Refused, "ann lacks the permission 'operate'"), (run.Items[0].State, run.Items[0].Reason));
        Assert.Equal("0 done, 1 refused", BulkWords.After(run));
    }

    [Fact]
    public async Task Stopped_TheOneUnderWayEnds_AndTheRestIsNotBegun()
    {
        using var stop = new CancellationTokenSource();
        _runner.ResultOf = _ =>
        {
            stop.Cancel();
            return Ended(OperationOutcome.Succeeded, null);
        };
        var run = Weigh("one", "two", "three");
        await run.RunAsync(_runner, Ann, () => { }, stop.Token);
        Assert.Equal(["done", "not begun", "not begun"], run.Items.Select(i => BulkWords.For(i).Words));
        Assert.Single(_runner.Ran);
        await run.RunAsync(_runner, Ann, () => { }, CancellationToken.None);
        Assert.Single(_runner.Ran);
    }

    [Theory]
    [InlineData(1, "policies", "1 policy")]
    [InlineData(2, "policies", "2 policies")]
    [InlineData(1, "IP pools", "1 IP pool")]
    [InlineData(1204, "containers", "1,204 containers")]
    public void Counted_IsGrammatical(int count, string many, string said) => Assert.Equal(said, BulkWords.Counted(count, many));

    [Fact]
    public void EveryState_HasItsWords() =>
        Assert.All(Enum.GetValues<BulkState>(), s => Assert.NotEqual("", BulkWords.For(new BulkItem("x", s)).Words));

    private static string Container(Operation operation) => ((ChangeContainer)operation).Container;

    private static OperationResult Ended(OperationOutcome outcome, string? message) => RecordingRunner.Result(outcome) with { Message = message };

    private BulkRun Weigh(params string[] rows) => BulkRun.Weigh(rows, Stop, _runner, Ann, CancellationToken.None);
}
