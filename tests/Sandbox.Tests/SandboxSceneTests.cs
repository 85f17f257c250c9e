using CalicoConsole.Core.Diagnostics;
using CalicoConsole.Core.Diagnostics.Decision;
using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Scenes;

namespace CalicoConsole.Sandbox.Tests;

/// <summary>Every scene on the sandbox: the fault is seen, the doctor names it by the same probes as on real hosts, and it is gone afterwards.</summary>
public sealed class SandboxSceneTests
{
    [Fact]
    public async Task EveryScene_IsNamedByTheDoctor_IsMendedWhereItOffersTo_AndIsTakenBack() =>
        await Task.WhenAll(AllScenes.InOrder.Select(PlayAsync));

    [Fact]
    public async Task HealthyPair_Works_AndNothingIsNamed()
    {
        await using var stage = await SandboxStage.StartAsync();
        var (from, to) = await PlayersAsync(stage);

        var report = await DiagnoseAsync(stage, from, to);

        Assert.Equal((DiagnosisOutcome.Works, null), (report.Outcome, report.Cause?.Code));
        Assert.Empty(report.AlsoSeen);
        Assert.Empty(report.NotChecked);
    }

    private static async Task PlayAsync(Scene scene)
    {
        await using var stage = await SandboxStage.StartAsync();
        var (from, to) = await PlayersAsync(stage);
        await stage.RunAsync(new PlayScene(scene.Code, from, to));

        var broken = await DiagnoseAsync(stage, from, to);
        Assert.True(scene.Code == broken.Cause?.Code, $"{scene.Code}: {broken.Outcome}, {broken.Headline} Not checked: {string.Join("; ", broken.NotChecked)}");
        if (broken.Cause!.Mend is { } mend && MendOperations.For(mend, stage.State.Current) is { } operation)
        {
            await stage.RunAsync(operation);
            Assert.True(await WorksAsync(stage, from, to), $"{scene.Code} is not mended by {operation.Name}");
        }

        var back = await stage.TryAsync(new PlayScene(scene.Code, from, to, TakesBack: true));
        Assert.True(back.Outcome is OperationOutcome.Succeeded or OperationOutcome.Unchanged, $"{scene.Code}: {back.Outcome}: {back.Message}");
        if (scene.Code == "felix-down")
        {
            // The endpoint that Felix takes up again, within the ping's own time.
            Assert.True(await WorksAsync(stage, from, to), scene.Code);
        }

        Assert.Equal((scene.Code, DiagnosisOutcome.Works), (scene.Code, (await DiagnoseAsync(stage, from, to)).Outcome));
    }

    private static async Task<(string From, string To)> PlayersAsync(SandboxStage stage)
    {
        var seen = await stage.UntilAsync(s => SceneStage.Proposed(s) is { } p && p.From.Host != p.To.Host, "two containers of one network on two hosts");
        var pair = SceneStage.Proposed(seen)!;
        return (FlowEnds.NameOf(pair.From), FlowEnds.NameOf(pair.To));
    }

    private static async Task<bool> WorksAsync(SandboxStage stage, string from, string to)
    {
        for (var i = 0; i < 3; i++)
        {
            if ((await DiagnoseAsync(stage, from, to)).Outcome == DiagnosisOutcome.Works)
            {
                return true;
            }
        }

        return false;
    }

    private static async Task<DiagnosisReport> DiagnoseAsync(SandboxStage stage, string from, string to)
    {
        var result = await stage.RunAsync(new Diagnose(new DiagnosisQuestion(from, to)));
        var made = Assert.IsType<OperationAnswer.Diagnosed>(result.Answer);
        var kept = await stage.Reports.FindAsync(made.Report, TestContext.Current.CancellationToken);
        return DiagnosisReport.FromJson(kept!.Document)!;
    }
}
